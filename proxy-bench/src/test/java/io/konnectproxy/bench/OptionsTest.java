package io.konnectproxy.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OptionsTest {
    @BeforeEach
    void installs_this_proxy_only() {
        System.setProperty("konnect-proxy.jar", "konnect-proxy.jar");
    }

    @AfterEach
    void forgets_the_jars() {
        System.clearProperty("konnect-proxy.jar");
        System.clearProperty("before.jar");
    }

    @Test
    void is_three_rounds_of_everything_by_default() {
        Options options = read();

        assertThat(options.rounds()).isEqualTo(3);
        assertThat(options.warmUp()).isEmpty();
        assertThat(options.groups()).containsExactly(Group.values());
        assertThat(options.subjects())
                .contains(Subject.KONNECT_PROXY, Subject.DIRECT, Subject.TLS, Subject.PARENT, Subject.DISK)
                .doesNotContain(Subject.BEFORE);
    }

    @Test
    void takes_figures_and_subjects_by_name_in_any_order() {
        System.setProperty("before.jar", "before.jar");

        Options options = read("before", "--figures", "loop,cold", "--rounds", "2", "konnect-proxy", "--warm-up", "5");

        assertThat(options.rounds()).isEqualTo(2);
        assertThat(options.warmUp()).contains(Duration.ofSeconds(5));
        assertThat(options.groups()).containsExactly(Group.LOOP, Group.COLD);
        assertThat(options.subjects()).containsExactly(Subject.KONNECT_PROXY, Subject.BEFORE);
        assertThat(options.has(Group.LOOP, Subject.BEFORE)).isTrue();
        assertThat(options.has(Group.RELAY, Subject.BEFORE)).isFalse();
        assertThat(options.has(Group.LOOP, Subject.SQUID)).isFalse();
    }

    @Test
    void measures_variants_for_their_tunnels_and_relay_only() {
        assertThat(Group.values())
                .filteredOn(group -> group.isOf(Subject.TLS))
                .containsExactly(Group.TUNNELS, Group.RELAY);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            before          | 'before' needs --before JAR.
            squit           | There is no subject 'squit', only konnect-proxy, before, Squid,
            --figures storm | There are no figures 'storm', only tunnels, loop, relay,
            --figures       | --figures needs a value.
            --rounds        | --rounds needs a value.
            --rounds 0      | --rounds must be a number from 1 to 9999, not '0'.
            --rounds many   | --rounds must be a number from 1 to 9999, not 'many'.
            --round 3       | There is no subject '--round', only
            """)
    void refuses_in_a_sentence(String words, String sentence) {
        assertThatThrownBy(() -> read(words.split(" ")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(sentence);
    }

    private static Options read(String... words) {
        List<String> arguments = new ArrayList<>(List.of("subjects", "compare.json"));
        arguments.addAll(Arrays.asList(words));
        return Options.read(arguments);
    }
}
