package io.konnectproxy.trail;

/** The fixed parts of a line of the trail, in their order, for writer and reader. */
public final class LineForm {
    /** The beginning of a line of version 1; the sequence number follows. */
    public static final String BEGIN_1 = "{\"v\":1,\"seq\":";

    /** The beginning of a line of version 2; the trail follows, and after {@link #SEQ} the sequence number. */
    public static final String BEGIN_2 = "{\"v\":2,\"trail\":\"";

    /** Between trail and sequence number. */
    public static final String SEQ = "\",\"seq\":";

    /** Between sequence number and time. */
    public static final String TIME = ",\"time\":\"";

    /** Between time and event. */
    public static final String EVENT = "\",\"event\":\"";

    /** Before the hash of the previous line. A signature covers everything up to the quote after that hash. */
    public static final String PREV = ",\"prev\":\"";

    /** Before the signature of a checkpoint. The bytes before this part are signed. */
    public static final String SIGNATURE = ",\"signature\":\"";

    /** Before the hash of the line. The bytes before this part are hashed. */
    public static final String HASH = ",\"hash\":\"";

    /** The end of every line, before its line feed. */
    public static final String END = "\"}";

    /** The only event with a signature. */
    public static final String CHECKPOINT = "checkpoint";

    /** The event that records the policy that applies from then on. */
    public static final String CONFIGURATION = "configuration";

    /** The event that says that the proxy started. */
    public static final String START = "start";

    /** The event that says that the clock jumped. */
    public static final String CLOCK = "clock";

    /** Length of the name of a trail, in lower-case hex. */
    public static final int TRAIL_LENGTH = 12;

    /** Length of a SHA-256 hash in hex. */
    public static final int HASH_LENGTH = 64;

    /** Length of an Ed25519 signature in base64. */
    public static final int SIGNATURE_LENGTH = 88;

    /** Length of {@code 2026-11-22T18:00:00.123456Z}. */
    public static final int TIME_LENGTH = 27;

    /** Maximum length of a line in bytes, without its line feed. The longest configuration line is far shorter. */
    public static final int MAX_LINE = 16 << 20;

    /**
     * Maximum length in bytes of a line about one refusal or a sum of refusals, with its line feed. Clients control how long
     * such a line is. The limit holds as long as configured names (of listeners, users, entries and certificates) are shorter
     * than 64 characters.
     */
    public static final int MAX_REFUSALS = 2_048;

    private LineForm() {}
}
