package io.konnectproxy.server.doctor;

import io.konnectproxy.server.doctor.Diagnosis.Doubtful;
import io.konnectproxy.server.doctor.Diagnosis.Failing;
import io.konnectproxy.server.doctor.Diagnosis.Fine;
import io.konnectproxy.server.tls.Authorities.Voucher.PublicAuthority;
import io.konnectproxy.server.tls.SentChain;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** Compares this machine's clock with the Date field of a Konnect host. Thread-safe. */
final class TimeComparison {
    private static final Duration TOLERATED = Duration.ofSeconds(30);
    /** From here on, certificates and tokens that are fresh or short-lived fail. */
    private static final Duration HARMFUL = Duration.ofMinutes(5);

    private final Surroundings surroundings;
    private Optional<Diagnosis> found = Optional.empty();
    private String asked = "The Date field of an answer by a Konnect host";

    TimeComparison(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    /** Uses a look at a host whose certificate is of a public authority; whether it is valid may be the clock's fault. */
    synchronized void add(String host, TlsLook look, Diagnosis diagnosis, long nanos) {
        if (found.isPresent() || look.date().isEmpty() || look.chain().isEmpty()) {
            return;
        }
        SentChain chain = look.chain().get();
        boolean genuine = chain.isFor(host)
                && surroundings.authorities().voucher(chain.certificates()) instanceof PublicAuthority;
        if (genuine) {
            asked = "The Date field of the answer by " + host;
            found = Optional.of(
                    judge(look.date().get(), surroundings.clock().instant().minusNanos(nanos / 2)));
        }
    }

    static Diagnosis judge(Instant theirs, Instant ours) {
        Duration ahead = Duration.between(theirs, ours);
        // The field has whole seconds.
        if (ahead.abs().compareTo(TOLERATED) <= 0) {
            return new Fine("This machine's clock is right, to " + TOLERATED.toSeconds() + " s.");
        }
        String came = "This machine's clock is " + words(ahead.abs()) + (ahead.isNegative() ? " behind" : " ahead")
                + " of Konnect's, which says " + theirs + ".";
        String next = "Set the clock, and keep it right with NTP (timedatectl, chronyc tracking).";
        return ahead.abs().compareTo(HARMFUL) < 0 ? new Doubtful(came, next) : new Failing(came, next);
    }

    /** To the nearest unit, since the question itself took a moment. */
    private static String words(Duration time) {
        if (time.toDays() > 1) {
            return time.plusHours(12).toDays() + " days";
        }
        return time.toMinutes() > 1 ? time.plusSeconds(30).toMinutes() + " minutes" : time.toSeconds() + " s";
    }

    synchronized void report(Examination examination) {
        examination.report(
                DoctorStep.CLOCK,
                Optional.empty(),
                asked,
                found.orElse(new Doubtful(
                        "No Konnect host has said the time, so the clock was not compared.",
                        "Compare the clock yourself: it says "
                                + surroundings.clock().instant().truncatedTo(ChronoUnit.SECONDS) + ".")),
                0);
    }
}
