package io.konnectproxy.konnect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.konnectproxy.konnect.HostPattern.OpenLabel;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TenantLabelTest {
    @ParameterizedTest
    @ValueSource(strings = {"", "A", "a.b", "-a", "a-", "a_b", "*", "a b", "{portal}", "\u00e4"})
    void is_one_lower_case_label(String text) {
        assertThatThrownBy(() -> new TenantLabel(OpenLabel.PORTAL, text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the prefix of a portal is one lower-case host label, like my-portal");
    }

    @ParameterizedTest
    @EnumSource(OpenLabel.class)
    void is_named_in_one_word(OpenLabel place) {
        assertThat(new TenantLabel(place, place.example())).hasToString(place.example());
        assertThat(HostPattern.parse(place.placeholder() + ".us.konghq.com").openLabel())
                .contains(place);
        assertThat(place.key()).isEqualTo(place.plural().replace(' ', '-'));
    }

    @Test
    void tells_apart_what_it_stands_for() {
        TenantLabel portal = new TenantLabel(OpenLabel.PORTAL, "a");
        TenantLabel controlPlane = new TenantLabel(OpenLabel.CONTROL_PLANE, "a");
        TenantLabel other = new TenantLabel(OpenLabel.CONTROL_PLANE, "b");

        assertThat(portal).isNotEqualTo(controlPlane);
        assertThat(TenantLabel.of(OpenLabel.CONTROL_PLANE, Set.of(portal, other, controlPlane)))
                .containsExactly(controlPlane, other);
        assertThat(TenantLabel.of(OpenLabel.TENANT, Set.of(portal, other))).isEmpty();
    }
}
