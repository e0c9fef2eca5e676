package io.konnectproxy.archive;

/** A store did not do what it was asked. The message says why, as half a sentence for the operator, and never holds a secret. */
public final class StoreException extends Exception {
    private static final long serialVersionUID = 1;

    private final Kind kind;

    /** What kind of trouble it is. */
    public enum Kind {
        /** There is no such object, or no such bucket. */
        ABSENT,
        /** The object is another one by now. */
        CHANGED,
        /** An object stands under this key already. */
        TAKEN,
        /** The rights, the lock or the region are not there: the same request will fail again until somebody has changed something. */
        REFUSED,
        /** The network, the store's load, a clock that is off: it is worth asking again. */
        TROUBLE
    }

    public StoreException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public StoreException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
