package io.konnectproxy.server.doctor;

/** What came of a step. A text may have come from a hostile peer: {@link StepReport} escapes it. */
public sealed interface Diagnosis {
    /** What was found, a sentence. */
    String came();

    record Fine(String came) implements Diagnosis {}

    /** Tunnels work, but something is probably not meant. */
    record Doubtful(String came, String next) implements Diagnosis {}

    /** No tunnel can work this way, or something that is configured does not work. */
    record Failing(String came, String next) implements Diagnosis {}
}
