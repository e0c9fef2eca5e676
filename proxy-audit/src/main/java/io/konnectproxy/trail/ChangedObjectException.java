package io.konnectproxy.trail;

import java.io.IOException;

/** An object was replaced or deleted since it was listed, so that nothing can be said about what it held. */
final class ChangedObjectException extends IOException {
    private static final long serialVersionUID = 1;

    ChangedObjectException(String reason) {
        super(reason);
    }
}
