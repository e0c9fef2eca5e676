package io.konnectproxy.trail;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.regex.Pattern;

/** The input is a line of an audit trail, without its line feed. */
public final class TrailLineFuzz {
    private static final String HEX = "[0-9a-f]{64}";
    private static final String HEAD =
            "\\{\"v\":(?:1|2,\"trail\":\"[0-9a-f]{12}\"),\"seq\":[1-9][0-9]{0,17},\"time\":\"\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{6}Z\","
                    + "\"event\":\"";
    private static final Pattern CHECKPOINT = Pattern.compile(HEAD + "checkpoint\",\"key\":\"" + HEX + "\",\"prev\":\""
            + HEX + "\",\"signature\":\"[A-Za-z0-9+/]{85}[AQgw]==\",\"hash\":\"" + HEX + "\"}");
    private static final Pattern OTHER = Pattern.compile(
            HEAD + "(?!checkpoint\")[a-z_]+\"(,[ -~]*)?,\"prev\":\"" + HEX + "\",\"hash\":\"" + HEX + "\"}");

    private TrailLineFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        String text = new String(input, ISO_8859_1);
        TrailLine line = new TrailLine();
        boolean read = line.read(input, 0, input.length);

        assertThat(read)
                .isEqualTo(CHECKPOINT.matcher(text).matches()
                        || OTHER.matcher(text).matches());
        // Where it lies in the array makes no difference, nor what lies around it.
        byte[] among = new byte[input.length + 200];
        Arrays.fill(among, (byte) '"');
        System.arraycopy(input, 0, among, 100, input.length);
        assertThat(new TrailLine().read(among, 100, 100 + input.length)).isEqualTo(read);
        if (read) {
            accepted(line, text);
        } else {
            assertThat(line.fault()).matches("it [ -~]+|its [ -~]+");
        }
    }

    private static void accepted(TrailLine line, String text) {
        String begin = line.trail()
                .map(trail -> LineForm.BEGIN_2 + trail + LineForm.SEQ)
                .orElse(LineForm.BEGIN_1);
        assertThat(text).startsWith(begin + line.seq() + LineForm.TIME + line.time() + LineForm.EVENT + line.event());
        assertThat(text)
                .endsWith(LineForm.HASH + line.hash() + LineForm.END)
                .contains(LineForm.PREV + line.prev() + "\"");
        assertThat(line.text()).isEqualTo(text);
        assertThat(line.checkpoint().isPresent()).isEqualTo(line.isEvent(LineForm.CHECKPOINT));
        byte[] hashed = text.substring(0, text.lastIndexOf(LineForm.HASH)).getBytes(ISO_8859_1);
        assertThat(line.hashFits())
                .isEqualTo(new LineHash().of(hashed, 0, hashed.length).equals(line.hash()));
    }
}
