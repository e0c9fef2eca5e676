package io.konnectproxy.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.konnectproxy.keys.Secret;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ParentUrlTest {
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
        http://proxy.corp:3128                   | false | proxy.corp | 3128  | -
        https://proxy.corp:3129                  | true  | proxy.corp | 3129  | -
        http://proxy:1                           | false | proxy      | 1     | -
        http://Proxy.CORP:65535                  | false | proxy.corp | 65535 | -
        http://10.0.0.1:3128                     | false | 10.0.0.1   | 3128  | -
        http://[FD00:0::1]:3128                  | false | fd00::1    | 3128  | -
        http://user:pass@proxy:3128              | false | proxy      | 3128  | user:pass
        http://user:@proxy:3128                  | false | proxy      | 3128  | user:
        http://user:a:b@proxy:3128               | false | proxy      | 3128  | user:a:b
        http://u%40corp:p%2F%23%3f%25@proxy:3128 | false | proxy      | 3128  | u@corp:p/#?%
        http://u:%C3%BC@proxy:3128               | false | proxy      | 3128  | u:\u00fc
        http://u:-._~!$&'()*+,;=@[::1]:3128      | false | ::1        | 3128  | u:-._~!$&'()*+,;=
        """)
    void is_read_in_one_form(String text, boolean tls, String host, int port, String credentials) {
        ParentUrl url = ParentUrl.parse(text);

        assertThat(url)
                .isEqualTo(new ParentUrl(
                        tls, host, port, Optional.ofNullable(credentials).map(Secret::new)));
    }

    @Test
    void is_written_without_credentials() {
        ParentUrl url = ParentUrl.parse("https://user:s3cret@[fd00::1]:3128");

        assertThat(url).hasToString("https://[fd00::1]:3128");
        assertThat(String.valueOf(url.credentials())).doesNotContain("user", "s3cret");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
        proxy.corp:3128            | must begin with http:// or https://, like http://proxy.corp:3128; parents of other kinds, SOCKS among them, cannot be used
        socks5://u:p@proxy:1080    | must begin with http:// or https://, like http://proxy.corp:3128; parents of other kinds, SOCKS among them, cannot be used
        HTTP://proxy:3128          | must begin with http:// or https://, like http://proxy.corp:3128; parents of other kinds, SOCKS among them, cannot be used
        http:/proxy:3128           | must begin with http:// or https://, like http://proxy.corp:3128; parents of other kinds, SOCKS among them, cannot be used
        ' http://proxy:3128'       | must begin with http:// or https://, like http://proxy.corp:3128; parents of other kinds, SOCKS among them, cannot be used
        http://proxy               | has no port; write it out, like http://proxy.corp:3128
        http://u:p@proxy           | has no port; write it out, like http://proxy.corp:3128
        http://[::1]               | has no port; write it out, like http://proxy.corp:3128
        http://proxy:              | must end in a port from 1 to 65535
        http://proxy:0             | must end in a port from 1 to 65535
        http://proxy:65536         | must end in a port from 1 to 65535
        http://proxy:03128         | must end in a port from 1 to 65535
        http://proxy:31x           | must end in a port from 1 to 65535
        'http://proxy:3128 '       | must end in a port from 1 to 65535
        http://proxy:3128:1        | must end in a port from 1 to 65535
        http://proxy:3128/         | must end with its port; leave out the '/', '?' or '#' and all behind it
        http://proxy:3128/path     | must end with its port; leave out the '/', '?' or '#' and all behind it
        http://u:p@proxy:3128?a    | must end with its port; leave out the '/', '?' or '#' and all behind it
        http://u:p@proxy:3128#a    | must end with its port; leave out the '/', '?' or '#' and all behind it
        http://:3128               | must have a host name or an IP address before its port
        http://a_b:3128            | must have a host name or an IP address before its port
        http://proxy.corp.:3128    | must have a host name or an IP address before its port
        http://127.1:3128          | must have a host name or an IP address before its port
        http://0x7f000001:3128     | must have a host name or an IP address before its port
        http://2130706433:3128     | must have a host name or an IP address before its port
        http://a.0x1:3128          | must have a host name or an IP address before its port
        http://[::1:3128           | must be like http://proxy.corp:3128 or http://[fd00::1]:3128
        http://::1:3128            | must have a host name or an IP address before its port
        http://[fe80::1%25eth0]:1  | has no IPv6 address in its brackets
        http://[proxy]:3128        | has no IPv6 address in its brackets
        http://user@proxy:3128     | has a user and no password; write user:password@ before the host
        http://@proxy:3128         | has a user and no password; write user:password@ before the host
        http://:p@proxy:3128       | has a password and no user
        http://u:p@x@proxy:3128    | has a bare '@' in its user or password; write %40 for it
        http://u:p#x@proxy:3128    | has a bare '#' in its user or password; write %23 for it
        http://u:p/x@proxy:3128    | has a bare '/' in its user or password; write %2F for it
        http://u:p?x@proxy:3128    | has a bare '?' in its user or password; write %3F for it
        http://u:p x@proxy:3128    | has a sign in its user or password that must be percent-encoded; letters, digits and -._~!$&'()*+,;= need not be
        http://u:p[x@proxy:3128    | has a sign in its user or password that must be percent-encoded; letters, digits and -._~!$&'()*+,;= need not be
        http://u:\u00fc@proxy:3128 | has a sign in its user or password that must be percent-encoded; letters, digits and -._~!$&'()*+,;= need not be
        http://u:p%@proxy:3128     | has a '%' in its user or password without two hexadecimal digits behind it; the sign itself is written %25
        http://u:p%4@proxy:3128    | has a '%' in its user or password without two hexadecimal digits behind it; the sign itself is written %25
        http://u:p%4x@proxy:3128   | has a '%' in its user or password without two hexadecimal digits behind it; the sign itself is written %25
        http://u:p%FF@proxy:3128   | has percent-encoded bytes in its user or password that are not UTF-8
        http://u:p%00@proxy:3128   | has a control character in its user or password
        http://u:p%0D%0Ax@proxy:1  | has a control character in its user or password
        http://u%3Ax:p@proxy:3128  | has a ':' in its user; no proxy can tell it from the password
        """)
    void refuses_every_other_form(String text, String problem) {
        assertThatThrownBy(() -> ParentUrl.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(problem);
    }
}
