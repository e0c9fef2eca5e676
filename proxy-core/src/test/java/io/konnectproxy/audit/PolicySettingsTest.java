package io.konnectproxy.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.audit.PolicySettings.Change;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PolicySettingsTest {
    private static PolicySettings settings(String... keysAndValues) {
        Map<String, List<String>> settings = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            settings.put(
                    keysAndValues[i],
                    keysAndValues[i + 1].isEmpty() ? List.of() : List.of(keysAndValues[i + 1].split(" ", -1)));
        }
        return new PolicySettings(settings);
    }

    @Test
    void the_same_policy_has_no_changes_in_whatever_order_its_values_stand() {
        assertThat(settings("regions", "us eu").changesSince(settings("regions", "eu us")))
                .isEmpty();
    }

    @Test
    void a_change_names_what_came_and_what_went() {
        assertThat(settings("mode", "enforce", "regions", "us eu")
                        .changesSince(settings("mode", "report-only", "regions", "us au")))
                .containsExactly(
                        new Change("mode", List.of("enforce"), List.of("report-only")),
                        new Change("regions", List.of("eu"), List.of("au")));
    }

    /** A later version of the program may know more settings than the one before, or fewer. */
    @Test
    void a_setting_that_one_of_them_lacks_is_one_without_values() {
        assertThat(settings("new", "a", "empty", "").changesSince(settings("old", "b")))
                .containsExactly(
                        new Change("new", List.of("a"), List.of()), new Change("old", List.of(), List.of("b")));
    }

    @Test
    void keeps_the_order_in_which_it_was_given() {
        assertThat(settings("b", "1", "a", "2").settings().keySet()).containsExactly("b", "a");
    }
}
