package io.konnectproxy.server.credentials;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The input is a users file. */
public final class UsersFileFuzz {
    private static final Pattern LINE = Pattern.compile("([^:#][^:]*):\\$2[aby]\\$(0[4-9]|1[0-4])\\$"
            + "[./A-Za-z0-9]{21}[.Oeu][./A-Za-z0-9]{30}[.CGKOSWaeimquy26]\r?");

    private UsersFileFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        String text = new String(input, UTF_8);
        List<String> lines = Stream.of(text.split("\n", -1))
                .filter(line -> !line.matches("\r?|(?s)#.*"))
                .toList();
        List<String> names = lines.stream()
                .map(line -> line.substring(0, Math.max(0, line.indexOf(':'))))
                .toList();
        boolean fits = lines.stream().allMatch(line -> LINE.matcher(line).matches())
                && names.stream().allMatch(UsersFileFuzz::isName)
                && names.stream().distinct().count() == names.size()
                && !names.isEmpty()
                && !text.contains("\ufffd");
        try {
            accepted(UsersFile.parse(input), names);
            assertThat(fits || text.contains("\ufffd")).isTrue();
        } catch (IllegalArgumentException e) {
            assertThat(fits).isFalse();
            assertThat(e.getMessage()).matches("(is|has|names) [ -~]+");
        }
    }

    private static boolean isName(String name) {
        return name.getBytes(UTF_8).length <= 255
                && !name.matches("(?s) .*|.* ")
                && !name.matches("(?s).*[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}].*")
                && !name.replace(" ", "").matches("(?s).*\\p{Zs}.*");
    }

    private static void accepted(UsersFile users, List<String> names) {
        assertThat(users.names()).containsExactlyElementsOf(names);
        for (String name : names) {
            BcryptHash hash = users.hash(name).orElseThrow();
            assertThat(BcryptHash.parse(hash.text()).text()).isEqualTo(hash.text());
        }
    }
}
