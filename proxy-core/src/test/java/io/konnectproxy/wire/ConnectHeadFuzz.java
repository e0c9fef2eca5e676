package io.konnectproxy.wire;

import static io.konnectproxy.wire.HeadReading.HeadFault.Kind.TOO_LARGE;
import static io.konnectproxy.wire.HeadReading.NeedMore.NEED_MORE;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.target.Authority;
import io.konnectproxy.wire.Credentials.Basic;
import io.konnectproxy.wire.HeadReading.ConnectHead;
import io.konnectproxy.wire.HeadReading.HeadFault;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The input is what a client sends first. */
public final class ConnectHeadFuzz {
    private static final int LOW_LIMIT = 160;

    private ConnectHeadFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        HeadRun run = HeadRun.whole(input, HeadRun.LIMIT);

        assertThat(HeadRun.pieces(input, 1, HeadRun.LIMIT)).as("byte by byte").isEqualTo(run);
        assertThat(HeadRun.cut(input, HeadRun.LIMIT, Cuts.of(input))).as("cut").isEqualTo(run);
        run.asked().ifPresent(asked -> recordable(input, asked));
        theLimitIsTheOnlyDifference(input, run);
        theModelAgrees(input, run);
        if (run.reading() instanceof ConnectHead head) {
            accepted(Arrays.copyOf(input, run.consumed()), head);
        } else if (run.reading() instanceof HeadFault fault) {
            assertThat(fault.problem()).matches("[A-Z][ -~]+\\.");
            assertThat(HeadRun.whole(Arrays.copyOf(input, run.consumed() - 1), HeadRun.LIMIT)
                            .reading())
                    .as("told with the byte that decides")
                    .isEqualTo(NEED_MORE);
        } else {
            assertThat(run.consumed()).isEqualTo(input.length);
        }
    }

    /** What counts as without a user has none, in the words of somebody who sees the whole line. */
    private static void recordable(byte[] input, RequestTarget asked) {
        assertThat(asked.text()).hasSizeLessThanOrEqualTo(600).doesNotContain("\r", "\n", " ");
        if (asked.withoutUser()) {
            String line = new String(input, ISO_8859_1).split("\n", 2)[0];
            assertThat(line).startsWith("CONNECT " + asked.text()).doesNotContain("@");
        }
    }

    /** A reader that may hold less gives the same, or stops at the first byte too many. */
    private static void theLimitIsTheOnlyDifference(byte[] input, HeadRun run) {
        HeadRun limited = HeadRun.whole(input, LOW_LIMIT);
        if (run.consumed() <= LOW_LIMIT) {
            assertThat(limited).as("under a lower limit").isEqualTo(run);
        } else {
            assertThat(limited.consumed()).isEqualTo(LOW_LIMIT + 1);
            assertThat(limited.reading())
                    .isInstanceOfSatisfying(
                            HeadFault.class, fault -> assertThat(fault.kind()).isEqualTo(TOO_LARGE));
        }
    }

    private static void theModelAgrees(byte[] input, HeadRun run) {
        int length = HeadModel.length(new String(input, ISO_8859_1), HeadRun.LIMIT);
        assertThat(run.reading() instanceof ConnectHead ? run.consumed() : 0)
                .as("bytes of the head, as the model reads it")
                .isEqualTo(length);
    }

    private static void accepted(byte[] bytes, ConnectHead head) {
        assertThat(HeadModel.isPlain(bytes)).as("printable bytes only").isTrue();
        String text = new String(bytes, ISO_8859_1);
        assertThat(HeadModel.target(text)).contains(head.target());
        Optional<Basic> basic = HeadModel.basic(text);
        theModelReadsTheSameCredentials(text, head.credentials(), basic);
        if (head.target() instanceof Authority) {
            byte[] canonical = HeadModel.canonical(head.target(), basic);
            ConnectHead same = new ConnectHead(
                    head.target(), basic.isPresent() ? head.credentials() : Credentials.None.NONE, ProxyChain.EMPTY);
            assertThat(HeadRun.whole(canonical, HeadRun.LIMIT))
                    .isEqualTo(new HeadRun(
                            same,
                            canonical.length,
                            Optional.of(new RequestTarget(head.target().toString(), true))));
        }
    }

    private static void theModelReadsTheSameCredentials(String text, Credentials read, Optional<Basic> basic) {
        if (read instanceof Credentials.Unreadable unreadable) {
            assertThat(basic).isEmpty();
            assertThat(unreadable.problem()).matches("[A-Z][ -~]+\\.");
        } else {
            assertThat(read).isEqualTo(basic.<Credentials>map(pair -> pair).orElse(Credentials.None.NONE));
        }
        assertThat(read == Credentials.None.NONE)
                .as("only where the field is not there at all")
                .isEqualTo(!text.toLowerCase(Locale.ROOT).contains("\r\nproxy-authorization:"));
    }
}
