package io.konnectproxy.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Modifier;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class TunnelPermitTest {
    private static final int OPEN = Modifier.PUBLIC | Modifier.PROTECTED;

    @Test
    void nobody_outside_the_policy_can_make_one() {
        assertThat(Arrays.stream(TunnelPermit.class.getDeclaredConstructors()))
                .isNotEmpty()
                .allMatch(constructor -> (constructor.getModifiers() & OPEN) == 0);
        assertThat(Arrays.stream(TunnelPermit.class.getDeclaredMethods()))
                .noneMatch(method -> Modifier.isStatic(method.getModifiers()) && !method.isSynthetic());
        assertThat(TunnelPermit.class.getModifiers()).matches(Modifier::isFinal);
    }
}
