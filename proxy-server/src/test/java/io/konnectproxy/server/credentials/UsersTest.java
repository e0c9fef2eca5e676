package io.konnectproxy.server.credentials;

import static io.konnectproxy.server.credentials.Htpasswd.cheap;
import static io.konnectproxy.server.credentials.Htpasswd.pair;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.konnectproxy.server.credentials.Verification.Right;
import io.konnectproxy.server.credentials.Verification.Wrong;
import io.konnectproxy.server.file.FileWatch;
import io.konnectproxy.support.Await;
import io.konnectproxy.support.LogCapture;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The users of a file that changes while they are asked for; real threads, real hashes. */
class UsersTest {
    @TempDir
    private Path directory;

    private Path file;
    private final FileWatch watch = new FileWatch(Duration.ofHours(1));

    @RegisterExtension
    private final LogCapture log = LogCapture.of(Users.class);

    @BeforeEach
    void begin() throws Exception {
        file = Files.writeString(directory.resolve("users.htpasswd"), cheap("kong", "right"));
    }

    @AfterEach
    void end() {
        watch.close();
    }

    @Test
    void verifies_on_threads_of_its_own() throws Exception {
        try (Users users = Users.of(file.toString(), watch)) {
            assertThat(users.names()).containsExactly("kong");
            assertThat(verify(users, "kong", "right")).isEqualTo(new Right("kong"));
            assertThat(verify(users, "kong", "wrong")).isInstanceOf(Wrong.class);
            List<CompletableFuture<Verification>> many = new ArrayList<>();
            for (int i = 0; i < 2000; i++) {
                many.add(users.verify(InetAddress.getLoopbackAddress(), pair("kong", "right"))
                        .toCompletableFuture());
            }
            assertThat(many).allMatch(answer -> answer.join().equals(new Right("kong")));
        }
    }

    @Test
    void a_file_that_cannot_be_read_is_none_to_begin_with() {
        assertThatThrownBy(() -> Users.of(directory + "/none", watch))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("is no file;");
    }

    @Test
    void a_removed_user_and_an_old_password_are_no_longer_right() throws Exception {
        try (Users users = Users.of(file.toString(), watch)) {
            assertThat(verify(users, "kong", "right")).isEqualTo(new Right("kong"));

            Files.writeString(file, cheap("kong", "changed", "dp", "another"));
            watch.lookNow();
            assertThat(verify(users, "kong", "right")).isInstanceOf(Wrong.class);
            assertThat(verify(users, "kong", "changed")).isEqualTo(new Right("kong"));

            Files.writeString(file, cheap("dp", "another"));
            watch.lookNow();
            assertThat(verify(users, "kong", "changed")).isEqualTo(Wrong.UNKNOWN_USER);
            assertThat(users.names()).containsExactly("dp");
        }
        assertThat(log.said())
                .containsExactly(
                        file + " was read anew: 2 users, 1 of them new; 0 are gone.",
                        file + " was read anew: 1 users, 0 of them new; 1 are gone.");
    }

    @Test
    void a_broken_file_changes_nothing_and_is_told_once() throws Exception {
        try (Users users = Users.of(file.toString(), watch)) {
            String good = Files.readString(file);
            Files.writeString(file, good + "dp:{SHA}s3cret\n");
            for (int i = 0; i < 5; i++) {
                watch.lookNow();
            }
            assertThat(verify(users, "kong", "right")).isEqualTo(new Right("kong"));
            Files.delete(file);
            watch.lookNow();
            watch.lookNow();
            assertThat(verify(users, "kong", "right")).isEqualTo(new Right("kong"));
            Files.writeString(file, good);
            watch.lookNow();
            assertThat(verify(users, "kong", "right")).isEqualTo(new Right("kong"));
        }
        assertThat(log.said())
                .containsExactly(
                        file
                                + " has in line 2 an SHA-1 hash ({SHA}), and only bcrypt is taken; set that password anew with"
                                + " 'konnect-proxy user'. The users that were read before stay.",
                        file
                                + " is no file; make it with 'konnect-proxy user NAME --file FILE'. The users that were read"
                                + " before stay.",
                        file + " was read anew: 1 users, 0 of them new; 0 are gone.");
    }

    @Test
    void a_change_is_noticed_without_being_told() throws Exception {
        try (FileWatch often = new FileWatch(Duration.ofMillis(20));
                Users users = Users.of(file.toString(), often)) {
            Files.writeString(file, cheap("dp", "another"));
            Await.until("the change is noticed", () -> users.names().contains("dp"));
            assertThat(verify(users, "kong", "right")).isEqualTo(Wrong.UNKNOWN_USER);
        }
    }

    private static Verification verify(Users users, String user, String password) throws Exception {
        return users.verify(InetAddress.getLoopbackAddress(), pair(user, password))
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);
    }
}
