package io.konnectproxy.konnect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostPatternTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "cloud.konghq.com",
                "{region}.api.konghq.com",
                "{control-plane}.{region}.cp0.konghq.com",
                "{portal}.{region}.kongportals.com",
                "{tenant}.eu.identity.konghq.com"
            })
    void accepts_and_spells_the_same(String text) {
        assertThat(HostPattern.parse(text)).hasToString(text).isEqualTo(HostPattern.parse(text));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(ignoreLeadingAndTrailingWhitespace = true, textBlock = """
        a star,                             *.us.cp0.konghq.com
        a registrable domain,               konghq.com
        an open registrable domain,         {portal}.kongportals.com
        an open label in the middle,        us.{control-plane}.cp0.konghq.com
        two open labels,                    {tenant}.{portal}.us.konghq.com
        an unknown placeholder,             {geo}.api.konghq.com
        two regions,                        {region}.{region}.api.konghq.com
        a region that is part of a label,   x{region}.api.konghq.com
        an open label that is part of one,  {portal}x.us.kongportals.com
        upper case,                         Cloud.konghq.com
        a dot at the end,                   cloud.konghq.com.
        an empty label,                     cloud..konghq.com
        a port,                             cloud.konghq.com:443
        nothing but a placeholder,          {portal}
        """)
    void refuses(String what, String text) {
        assertThatThrownBy(() -> HostPattern.parse(text)).as(what).isInstanceOf(IllegalArgumentException.class);
    }
}
