package io.konnectproxy.target;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.target.ConnectTarget.IpLiteral;
import io.konnectproxy.target.ConnectTarget.Malformed;
import io.konnectproxy.target.ConnectTarget.RootedName;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The input is the text behind CONNECT. */
public final class ConnectTargetFuzz {
    private static final String LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?";
    private static final Pattern NAMED =
            Pattern.compile("((?:" + LABEL + "\\.)*(" + LABEL + "))(\\.?):([1-9][0-9]{0,4})");
    private static final Pattern BRACKETED = Pattern.compile("\\[[0-9A-Fa-f:.]+]:([1-9][0-9]{0,4})");

    private ConnectTargetFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        String text = new String(input, ISO_8859_1);
        ConnectTarget target = ConnectTarget.parse(text);

        if (target instanceof Malformed malformed) {
            assertThat(malformed.problem()).matches("[A-Z][ -~]+\\.");
        } else if (text.startsWith("[")) {
            Matcher parts = BRACKETED.matcher(text);
            assertThat(parts).matches(Matcher::matches);
            assertThat(target).isEqualTo(new IpLiteral(Integer.parseInt(parts.group(1))));
        }
        if (!text.startsWith("[")) {
            assertThat(target instanceof Malformed ? null : target).isEqualTo(model(text));
        }
        if (target instanceof Authority authority) {
            assertThat(authority.toString()).isEqualTo(text.toLowerCase(Locale.ROOT));
            assertThat(ConnectTarget.parse(authority.toString())).isEqualTo(authority);
            assertThat(HostName.of(authority.host().toString())).isEqualTo(authority.host());
            assertThat(String.join(".", authority.host().labels()))
                    .isEqualTo(authority.host().toString());
        }
    }

    /** What a name and a port are, said a second time; null where the text is not both. */
    private static @org.jspecify.annotations.Nullable ConnectTarget model(String text) {
        Matcher parts = NAMED.matcher(text);
        if (!parts.matches() || parts.group(1).length() > 253 || Integer.parseInt(parts.group(4)) > 65535) {
            return null;
        }
        int port = Integer.parseInt(parts.group(4));
        if (parts.group(2).matches("[0-9]+|0[xX].*")) {
            return new IpLiteral(port);
        }
        HostName host = HostName.of(parts.group(1).toLowerCase(Locale.ROOT));
        return parts.group(3).isEmpty() ? new Authority(host, port) : new RootedName(host, port);
    }
}
