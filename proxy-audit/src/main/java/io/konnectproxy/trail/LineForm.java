package io.konnectproxy.trail;

/** The fixed parts of a line of the trail, in their order, for those who write it and those who read it. */
public final class LineForm {
    /** How every line begins; the number follows. */
    public static final String BEGIN = "{\"v\":1,\"seq\":";

    /** Between number and time. */
    public static final String TIME = ",\"time\":\"";

    /** Between time and event. */
    public static final String EVENT = "\",\"event\":\"";

    /** Before the hash of the line before. A signature is over everything up to the end of that hash and its quote. */
    public static final String PREV = ",\"prev\":\"";

    /** Before the signature of a checkpoint; what stands before this is what is signed. */
    public static final String SIGNATURE = ",\"signature\":\"";

    /** Before the line's own hash; what stands before this is what is hashed. */
    public static final String HASH = ",\"hash\":\"";

    /** How every line ends, before its line feed. */
    public static final String END = "\"}";

    /** The event that carries a signature, and the only one. */
    public static final String CHECKPOINT = "checkpoint";

    /** The event that says what was permitted from there on. */
    public static final String CONFIGURATION = "configuration";

    /** Of a SHA-256 in hex. */
    public static final int HASH_LENGTH = 64;

    /** Of an Ed25519 signature in base64. */
    public static final int SIGNATURE_LENGTH = 88;

    /** Of {@code 2026-11-22T18:00:00.123456Z}. */
    public static final int TIME_LENGTH = 27;

    /** Bytes of a line without its line feed. No configuration makes one near this; more is no line of the trail. */
    public static final int MAX_LINE = 16 << 20;

    /**
     * Bytes of a line about refusals with its line feed, of one or of a sum. It is the client's doing how near a line comes to
     * this, as long as names that the operator gave (of listeners, users, entries, certificates) stay below 64 characters.
     */
    public static final int MAX_REFUSALS = 2_048;

    private LineForm() {}
}
