package io.konnectproxy.target;

/** The result of parsing a host name: the {@link HostName}, or the reason why there is none. */
public sealed interface HostNameReading permits HostName, HostNameReading.Unreadable {

    /** The text is not a host name. {@code problem} is a whole sentence that contains nothing of the text. */
    record Unreadable(String problem) implements HostNameReading {}
}
