package io.konnectproxy.server.credentials;

import static io.konnectproxy.server.credentials.Htpasswd.pair;
import static io.konnectproxy.server.credentials.Verification.Busy.BUSY;
import static io.konnectproxy.server.credentials.Verification.Wrong.EMPTY;
import static io.konnectproxy.server.credentials.Verification.Wrong.TOO_MANY;
import static io.konnectproxy.server.credentials.Verification.Wrong.UNKNOWN_USER;
import static io.konnectproxy.server.credentials.Verification.Wrong.UNUSABLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.konnectproxy.server.credentials.Verification.Right;
import io.konnectproxy.server.credentials.Verification.Wrong;
import io.konnectproxy.wire.Credentials;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is verified, how often that costs a hash, and what guessing leads to. Time passes, and hashes are made, by hand. */
class VerifierTest {
    private static final Right KONG = new Right("kong");
    private static final Wrong NOT_KONGS = new Wrong("The password of user kong is wrong.");

    private final ByHand hashing = new ByHand(8);
    private final List<Runnable> later = new ArrayList<>();
    private final List<Long> delays = new ArrayList<>();
    private long now;
    private final UsersFile users = Htpasswd.users("kong", "right", "dp:2".replace(':', '-'), "other");
    private final Verifier verifier = new Verifier(users, 1, hashing, () -> now, this::later);
    private final InetAddress client = address("10.0.0.1");

    private void later(Runnable action, long nanos) {
        later.add(action);
        delays.add(nanos);
    }

    static Stream<Arguments> pairs() {
        return Stream.of(
                arguments("the right password", pair("kong", "right"), KONG),
                arguments("another password", pair("kong", "wrong"), NOT_KONGS),
                arguments("another user's password", pair("kong", "other"), NOT_KONGS),
                arguments("the password in other letter case", pair("kong", "Right"), NOT_KONGS),
                arguments("the beginning of the password", pair("kong", "righ"), NOT_KONGS),
                arguments("a user nobody knows", pair("gnok", "right"), UNKNOWN_USER),
                arguments("the user in other letter case", pair("Kong", "right"), UNKNOWN_USER));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void pairs(String name, Credentials.Basic sent, Verification expected) {
        CompletableFuture<Verification> first = verifier.verify(client, sent);
        assertThat(first).as("never on the calling thread").isNotDone();
        assertThat(hashing.runAll()).as("an unknown user costs a hash too").isEqualTo(1);
        assertThat(first).isCompletedWithValue(expected);

        assertThat(verifier.verify(client, sent)).as("known from now on").isCompletedWithValue(expected);
        assertThat(hashing.waiting()).isZero();
    }

    static Stream<Arguments> unusable() {
        return Stream.of(
                arguments("no password", "", EMPTY),
                arguments("73 bytes", "a".repeat(73), UNUSABLE),
                arguments("37 letters of two bytes", "\u00e4".repeat(37), UNUSABLE),
                arguments("a zero byte", "right\0", UNUSABLE));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void unusable(String name, String password, Verification expected) {
        UsersFile unusable = UsersFile.parse(Htpasswd.EMPTY.text().getBytes(StandardCharsets.UTF_8));
        for (String user : List.of("kong", "nobody", "empty")) {
            assertThat(verifier.verify(client, pair(user, password))).isCompletedWithValue(expected);
            try (Verifier other = new Verifier(unusable, 1, hashing, () -> now, this::later)) {
                assertThat(other.verify(client, pair(user, password))).isCompletedWithValue(expected);
            }
        }
    }

    @Test
    void a_password_in_latin_1_is_told_from_a_wrong_one() {
        verifier.replace(Htpasswd.users("kong", "p\u00e4ss"));
        var sent = new Credentials.Basic("kong", "p\u00e4ss".getBytes(StandardCharsets.ISO_8859_1));
        CompletableFuture<Verification> answer = verifier.verify(client, sent);
        hashing.runAll();

        assertThat(answer)
                .isCompletedWithValue(new Wrong("The password of user kong is wrong, and is not UTF-8: the"
                        + " client probably sends Latin-1; give the user a password of ASCII characters."));
        CompletableFuture<Verification> right = verifier.verify(client, pair("kong", "p\u00e4ss"));
        hashing.runAll();
        assertThat(right).isCompletedWithValue(new Right("kong"));
    }

    @Test
    void takes_passwords_of_72_bytes_whole() {
        String longest = "b".repeat(72);
        verifier.replace(Htpasswd.users("kong", longest));
        var right = verifier.verify(client, pair("kong", longest));
        var shorter = verifier.verify(client, pair("kong", longest.substring(1)));
        assertThat(hashing.runAll()).isEqualTo(2);

        assertThat(right).isCompletedWithValue(KONG);
        assertThat(shorter).isCompletedWithValue(NOT_KONGS);
    }

    @Test
    void behind_a_wrong_pair_hashing_rests_for_as_long_as_that_took_and_behind_a_right_one_it_does_not() {
        // Each look at the clock takes a second.
        try (Verifier slow = new Verifier(users, 1, hashing, () -> now += 1_000_000_000L, this::later)) {
            var right = slow.verify(address("10.0.0.1"), pair("kong", "right"));
            var wrong = slow.verify(address("10.0.0.2"), pair("kong", "wrong"));
            var next = slow.verify(address("10.0.0.3"), pair("dp-2", "other"));
            later.clear();
            delays.clear();
            assertThat(hashing.runAll()).isEqualTo(2);
            assertThat(right).isCompletedWithValue(KONG);
            assertThat(wrong).as("told at once").isCompletedWithValue(NOT_KONGS);
            assertThat(next).isNotDone();
            assertThat(delays).hasSize(1).allMatch(rest -> rest >= 1_000_000_000L);
            later.forEach(Runnable::run);
            assertThat(hashing.runAll()).isEqualTo(1);
            assertThat(next).isCompletedWithValue(new Right("dp-2"));
        }
    }

    @Test
    void thousands_who_come_back_with_one_user_cost_one_hash() {
        List<CompletableFuture<Verification>> answers = new ArrayList<>();
        for (int i = 0; i < 5000; i++) {
            answers.add(verifier.verify(address("10.1." + i / 250 + "." + i % 250), pair("kong", "right")));
        }
        assertThat(hashing.runAll()).isEqualTo(1);
        assertThat(answers).allSatisfy(answer -> assertThat(answer).isCompletedWithValue(KONG));
    }

    @Test
    void who_finds_too_many_before_it_is_told_that_it_is_busy() {
        for (int i = 0; i < Checks.ROOM; i++) {
            assertThat(verifier.verify(numbered(i), pair("kong", "wrong" + i))).isNotDone();
        }
        assertThat(verifier.verify(client, pair("kong", "right"))).isCompletedWithValue(BUSY);
        hashing.run(1);
        assertThat(verifier.verify(client, pair("kong", "right")))
                .as("busy is not remembered")
                .isNotDone();
    }

    @Test
    void no_client_has_more_than_its_share_of_what_waits() {
        List<CompletableFuture<Verification>> guesses = new ArrayList<>();
        for (int i = 0; i < Checks.SHARE + 2; i++) {
            guesses.add(verifier.verify(client, pair("kong", "wrong" + i)));
        }
        assertThat(guesses.subList(0, Checks.SHARE)).noneMatch(CompletableFuture::isDone);
        assertThat(guesses.subList(Checks.SHARE, Checks.SHARE + 2))
                .allSatisfy(answer -> assertThat(answer).isCompletedWithValue(BUSY));
    }

    @Test
    void where_there_is_no_room_the_newest_of_the_greediest_is_turned_away() {
        List<CompletableFuture<Verification>> greedy = new ArrayList<>();
        for (int i = 0; i < Checks.SHARE; i++) {
            greedy.add(verifier.verify(address("10.0.0.9"), pair("kong", "wrong" + i)));
        }
        List<CompletableFuture<Verification>> others = new ArrayList<>();
        for (int i = 0; i < Checks.ROOM - Checks.SHARE; i++) {
            others.add(verifier.verify(numbered(i), pair("kong", "another" + i)));
        }
        var honest = verifier.verify(client, pair("kong", "right"));
        assertThat(greedy.get(Checks.SHARE - 1)).isCompletedWithValue(BUSY);
        assertThat(greedy.subList(0, Checks.SHARE - 1)).noneMatch(CompletableFuture::isDone);
        assertThat(others).noneMatch(CompletableFuture::isDone);
        assertThat(honest).isNotDone();
    }

    @Test
    void clients_take_turns_however_many_guesses_one_of_them_has_waiting() {
        for (int i = 0; i < 60; i++) {
            var unused = verifier.verify(address("10.0.0.9"), pair("kong", "wrong" + i));
        }
        var honest = verifier.verify(client, pair("kong", "right"));
        assertThat(hashing.run(2)).isEqualTo(2);
        assertThat(honest).isCompletedWithValue(KONG);
    }

    @Test
    void who_has_failed_less_goes_first() {
        for (int network = 0; network < 20; network++) {
            for (int i = 0; i < 10; i++) {
                var unused = verifier.verify(numbered(network), pair("kong", "wrong" + network + "-" + i));
            }
        }
        hashing.run(25);
        var honest = verifier.verify(client, pair("kong", "right"));
        assertThat(hashing.run(1)).isEqualTo(1);
        assertThat(honest).as("before those that have failed").isCompletedWithValue(KONG);
    }

    @Test
    void a_pair_that_more_clients_wait_for_gets_a_turn_of_each() {
        List<CompletableFuture<Verification>> fleet = new ArrayList<>();
        for (int i = 0; i < Checks.SHARE; i++) {
            var unused = verifier.verify(address("10.0.0.9"), pair("kong", "wrong" + i));
        }
        fleet.add(verifier.verify(address("10.0.0.9"), pair("kong", "right")));
        assertThat(fleet.get(0)).as("over the share").isCompletedWithValue(BUSY);
        for (int i = 0; i < 500; i++) {
            fleet.add(verifier.verify(numbered(i), pair("kong", "right")));
        }
        hashing.run(2);
        assertThat(fleet.subList(1, 501))
                .allSatisfy(answer -> assertThat(answer).isCompletedWithValue(KONG));
    }

    @Test
    void from_where_a_right_pair_came_lately_others_are_hashed_first() {
        guessOnce("right", KONG);
        for (int i = 0; i < 100; i++) {
            var unused = verifier.verify(numbered(i), pair("kong", "wrong" + i));
        }
        var proven = verifier.verify(client, pair("dp-2", "other"));
        hashing.run(1);
        assertThat(proven).isCompletedWithValue(new Right("dp-2"));
    }

    @Test
    void who_is_proven_has_room_made_by_who_is_not() {
        guessOnce("right", KONG);
        List<CompletableFuture<Verification>> strangers = new ArrayList<>();
        for (int i = 0; i < Checks.ROOM; i++) {
            strangers.add(verifier.verify(numbered(i), pair("kong", "wrong" + i)));
        }
        var proven = verifier.verify(client, pair("dp-2", "other"));
        assertThat(strangers.stream().filter(CompletableFuture::isDone)).hasSize(1);
        hashing.run(1);
        assertThat(proven).isCompletedWithValue(new Right("dp-2"));
    }

    @Test
    void who_guesses_from_where_a_right_pair_came_goes_last_in_the_end() {
        guessOnce("right", KONG);
        guess(client, 5);
        var guess = verifier.verify(client, pair("kong", "wrong again"));
        var honest = verifier.verify(address("10.0.0.2"), pair("dp-2", "other"));
        hashing.run(1);
        assertThat(guess).isNotDone();
        assertThat(honest).isCompletedWithValue(new Right("dp-2"));
    }

    @Test
    void who_leaves_is_not_kept() {
        var left = verifier.verify(client, pair("kong", "right"));
        left.cancel(false);
        var stays = verifier.verify(client, pair("kong", "right"));
        assertThat(hashing.runAll()).isEqualTo(1);
        assertThat(left).isCancelled();
        assertThat(stays).isCompletedWithValue(KONG);
    }

    @Test
    void who_waits_too_long_is_told_that_it_is_busy_and_finds_the_answer_the_next_time() {
        var answer = verifier.verify(client, pair("kong", "right"));
        assertThat(delays).containsExactly(Verifier.PATIENCE.toNanos());
        later.forEach(Runnable::run);
        assertThat(answer).isCompletedWithValue(BUSY);

        assertThat(hashing.runAll()).isEqualTo(1);
        assertThat(verifier.verify(client, pair("kong", "right"))).isCompletedWithValue(KONG);
    }

    @Test
    void a_data_plane_with_a_wrong_password_slows_down_nobody() {
        for (int i = 0; i < 500; i++) {
            var unused = verifier.verify(client, pair("kong", "outdated"));
            hashing.runAll();
        }
        assertThat(verifier.verify(client, pair("kong", "outdated"))).isCompletedWithValue(NOT_KONGS);
        var right = verifier.verify(client, pair("kong", "right"));
        assertThat(hashing.runAll()).isEqualTo(1);
        assertThat(right).isCompletedWithValue(KONG);
    }

    @Test
    void who_guesses_gets_one_turn_a_second_right_or_wrong_known_or_not() {
        var known = verifier.verify(client, pair("kong", "right"));
        guess(client, 5);
        assertThat(known).isCompletedWithValue(KONG);

        delays.clear();
        later.clear();
        assertThat(verifier.verify(client, pair("kong", "right"))).isCompletedWithValue(KONG);
        var second = verifier.verify(client, pair("kong", "right"));
        var third = verifier.verify(client, pair("kong", "wrong0"));
        var fourth = verifier.verify(client, pair("kong", "never sent before"));
        assertThat(verifier.verify(client, pair("kong", "right"))).isCompletedWithValue(TOO_MANY);
        assertThat(verifier.verify(client, pair("kong", "wrong0"))).isCompletedWithValue(TOO_MANY);
        assertThat(delays).containsExactly(1_000_000_000L, 2_000_000_000L, 3_000_000_000L);
        assertThat(List.of(second, third, fourth)).noneMatch(CompletableFuture::isDone);
        List.copyOf(later).forEach(Runnable::run);
        assertThat(second).isCompletedWithValue(KONG);
        assertThat(third).isCompletedWithValue(NOT_KONGS);
        assertThat(hashing.runAll()).as("in its turn it is looked at").isEqualTo(1);
        assertThat(fourth).isCompletedWithValue(NOT_KONGS);
        assertThat(verifier.verify(address("10.0.0.2"), pair("kong", "right")))
                .as("others notice nothing")
                .isCompletedWithValue(KONG);
    }

    @Test
    void of_guesses_sent_all_at_once_five_are_looked_at() {
        List<CompletableFuture<Verification>> answers = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            answers.add(verifier.verify(client, pair("kong", "wrong" + i)));
        }
        answers.add(verifier.verify(client, pair("kong", "right")));
        assertThat(hashing.runAll()).isEqualTo(8);

        assertThat(answers.subList(0, 5))
                .allSatisfy(answer -> assertThat(answer).isCompletedWithValue(NOT_KONGS));
        assertThat(answers.subList(5, 8))
                .allSatisfy(answer -> assertThat(answer).isCompletedWithValue(TOO_MANY));
        now += LoginThrottle.MEMORY.toNanos();
        var right = verifier.verify(client, pair("kong", "right"));
        assertThat(hashing.runAll()).as("too many is not remembered").isEqualTo(1);
        assertThat(right).isCompletedWithValue(KONG);
    }

    @Test
    void who_asks_the_same_as_a_slowed_client_is_answered() {
        List<CompletableFuture<Verification>> guesses = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            guesses.add(verifier.verify(client, pair("kong", "wrong" + i)));
        }
        var guessed = verifier.verify(client, pair("kong", "right"));
        var honest = verifier.verify(address("10.0.0.2"), pair("kong", "right"));
        hashing.runAll();

        assertThat(guesses).allMatch(CompletableFuture::isDone);
        assertThat(honest).isCompletedWithValue(KONG);
        assertThat(guessed).isDone();
    }

    @Test
    void the_addresses_of_an_ipv6_network_are_one_client() {
        for (int i = 0; i < 5; i++) {
            var unused = verifier.verify(address("2001:db8:0:1::" + i), pair("kong", "wrong" + i));
        }
        hashing.runAll();
        for (int i = 0; i < 4; i++) {
            var unused = verifier.verify(address("2001:db8:0:1:" + i + "::"), pair("kong", "right"));
        }
        assertThat(verifier.verify(address("2001:db8:0:1:ffff::"), pair("kong", "right")))
                .isCompletedWithValue(TOO_MANY);
        assertThat(verifier.verify(address("2001:db8:0:2::"), pair("kong", "right")))
                .as("another network: it waits for the first one's hash only")
                .isNotDone();
    }

    @Test
    void of_users_whose_line_changed_or_vanished_nothing_stays_known() {
        guessOnce("right", KONG);
        guessOnce("new", NOT_KONGS);
        verifier.replace(Htpasswd.users("kong", "new"));
        guessOnce("right", NOT_KONGS);
        guessOnce("new", KONG);
        verifier.replace(Htpasswd.users("dp", "x"));
        guessOnce("new", UNKNOWN_USER);
    }

    @Test
    void a_password_that_is_set_anew_is_another_line_though_it_is_the_same() {
        guessOnce("right", KONG);
        verifier.replace(Htpasswd.users("kong", "right"));
        guessOnce("right", KONG);
    }

    @Test
    void right_pairs_of_users_whose_line_stays_stay_known_and_wrong_ones_do_not() {
        guessOnce("right", KONG);
        guessOnce("wrong", NOT_KONGS);
        verifier.replace(
                UsersFile.parse((Htpasswd.cheap("dp", "x") + line(users, "kong")).getBytes(StandardCharsets.UTF_8)));
        assertThat(verifier.verify(client, pair("kong", "right"))).isCompletedWithValue(KONG);
        guessOnce("wrong", NOT_KONGS);
    }

    @Test
    void what_waits_is_verified_by_the_users_of_then() {
        var waiting = verifier.verify(client, pair("kong", "right"));
        verifier.replace(Htpasswd.users("dp", "x"));
        hashing.runAll();
        assertThat(waiting).as("removed in the meantime").isCompletedWithValue(UNKNOWN_USER);

        var added = verifier.verify(client, pair("kong", "new"));
        verifier.replace(Htpasswd.users("kong", "new"));
        hashing.runAll();
        assertThat(added).isCompletedWithValue(KONG);
    }

    @Test
    void wrong_pairs_push_out_no_right_one() {
        CredentialCache known = new CredentialCache(3);
        known.put(new PairKey(0, 0, 0, 0), KONG);
        for (int i = 1; i <= 4; i++) {
            known.put(new PairKey(i, 0, 0, 0), NOT_KONGS);
            assertThat(known.get(new PairKey(1, 0, 0, 0)))
                    .as("asked for lately")
                    .contains(NOT_KONGS);
        }
        assertThat(known.get(new PairKey(0, 0, 0, 0))).contains(KONG);
        assertThat(known.get(new PairKey(2, 0, 0, 0))).isEmpty();
        assertThat(known.get(new PairKey(4, 0, 0, 0))).contains(NOT_KONGS);
    }

    @Test
    void no_two_pairs_are_remembered_by_one_key() {
        PairKeys keys = new PairKeys();
        assertThat(keys.of("ab", new byte[] {'c'})).isEqualTo(keys.of("ab", new byte[] {'c'}));
        assertThat(keys.of("ab", new byte[] {'c'}))
                .isNotEqualTo(keys.of("a", new byte[] {'b', 'c'}))
                .isNotEqualTo(keys.of("abc", new byte[0]))
                .isNotEqualTo(new PairKeys().of("ab", new byte[] {'c'}));
    }

    @Test
    void who_waits_when_it_is_closed_is_told_that_it_is_busy() {
        var waiting = verifier.verify(client, pair("kong", "right"));
        verifier.close();

        assertThat(waiting).isCompletedWithValue(BUSY);
        assertThat(verifier.verify(client, pair("kong", "right"))).isCompletedWithValue(BUSY);
    }

    private void guess(InetAddress from, int count) {
        for (int i = 0; i < count; i++) {
            var unused = verifier.verify(from, pair("kong", "wrong" + i));
        }
        hashing.runAll();
    }

    private void guessOnce(String password, Verification expected) {
        var answer = verifier.verify(client, pair("kong", password));
        assertThat(hashing.runAll()).isEqualTo(1);
        assertThat(answer).isCompletedWithValue(expected);
    }

    private static String line(UsersFile file, String user) {
        return user + ":" + file.hash(user).orElseThrow().text() + "\n";
    }

    private static InetAddress numbered(int number) {
        return address("10.2." + number / 250 + "." + number % 250);
    }

    private static InetAddress address(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }
}
