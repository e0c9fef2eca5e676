package io.konnectproxy.wire;

/** What the bytes of a parent proxy's answer to CONNECT amount to so far. */
public sealed interface ReplyReading {

    /** The answer is not decided; nothing is wrong with it yet. */
    enum NeedMore implements ReplyReading {
        NEED_MORE
    }

    /** Any status of the 2xx class, and its head was read to the end: what follows is the tunnel's. */
    enum Connected implements ReplyReading {
        CONNECTED
    }

    /**
     * Any final status of another class. It is told with its status line: nothing that could follow would change it.
     *
     * @param status 300 to 599
     */
    record Declined(int status) implements ReplyReading {}

    /**
     * The answer is not one that HTTP has for CONNECT; reading ends here.
     *
     * @param problem a whole sentence, in which nothing of the answer stands
     */
    record ReplyFault(String problem) implements ReplyReading {}
}
