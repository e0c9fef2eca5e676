package io.konnectproxy.server.doctor;

import io.konnectproxy.server.doctor.Diagnosis.Doubtful;
import io.konnectproxy.server.doctor.Diagnosis.Failing;
import io.konnectproxy.server.doctor.Diagnosis.Fine;
import io.konnectproxy.trail.event.Printable;
import java.time.Duration;
import java.util.Optional;

/**
 * The result of one step. All texts are printable.
 *
 * @param subject what the step is about: a host, a parent, a listener; empty if there is only one
 * @param asked what was asked of whom
 * @param took from the question to the diagnosis
 */
public record StepReport(DoctorStep step, Optional<String> subject, String asked, Diagnosis diagnosis, Duration took) {
    private static final int MOST_OF_PEER = 100;

    public StepReport {
        subject = subject.map(Printable::of);
        asked = Printable.of(asked);
        diagnosis = printable(diagnosis);
    }

    /** Text of a peer's, escaped, and so short that it does not push out what a sentence says of it. */
    static String ofPeer(String text) {
        String safe = Printable.of(text);
        return safe.length() <= MOST_OF_PEER ? safe : safe.substring(0, MOST_OF_PEER) + "...";
    }

    /** How bad it is. */
    public enum Grade {
        OK,
        WARN,
        FAIL
    }

    private static Diagnosis printable(Diagnosis diagnosis) {
        String came = Printable.of(diagnosis.came());
        if (diagnosis instanceof Doubtful doubtful) {
            return new Doubtful(came, Printable.of(doubtful.next()));
        }
        return diagnosis instanceof Failing failing ? new Failing(came, Printable.of(failing.next())) : new Fine(came);
    }

    public Grade grade() {
        if (diagnosis instanceof Fine) {
            return Grade.OK;
        }
        return diagnosis instanceof Doubtful ? Grade.WARN : Grade.FAIL;
    }

    /** What to do next; empty if nothing is wrong. */
    public Optional<String> next() {
        if (diagnosis instanceof Doubtful doubtful) {
            return Optional.of(doubtful.next());
        }
        return diagnosis instanceof Failing failing ? Optional.of(failing.next()) : Optional.empty();
    }
}
