package io.konnectproxy.wire;

import io.konnectproxy.wire.HeadReading.HeadFault;

/** What reading a request line gives: the {@link RequestLine}, or why there is none. */
sealed interface RequestLineReading permits RequestLine, RequestLineReading.Rejected {

    record Rejected(HeadFault fault) implements RequestLineReading {}
}
