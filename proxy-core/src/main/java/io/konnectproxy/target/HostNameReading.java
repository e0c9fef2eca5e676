package io.konnectproxy.target;

/** What reading a host name gives: the {@link HostName}, or why there is none. */
public sealed interface HostNameReading permits HostName, HostNameReading.Unreadable {

    /** {@code problem} is a whole sentence without any of the text that was read. */
    record Unreadable(String problem) implements HostNameReading {}
}
