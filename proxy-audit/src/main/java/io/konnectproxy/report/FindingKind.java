package io.konnectproxy.report;

import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/** What a person must look at in a trail, the worst first. Tokens are stable: kinds are added, never changed. */
public enum FindingKind {
    INTERNAL_ADDRESS(
            "Requests for metadata, private or other internal addresses",
            "No honest client asks for one. Find out what runs on the client, and take it off the network until you know."),
    FORBIDDEN_ADDRESS(
            "Permitted names that resolved to forbidden addresses",
            "Somebody may be rebinding DNS. Ask your resolvers for the name, and compare the answer with Konnect's. Add the"
                    + " address to permit-addresses only if it is yours, such as PrivateLink."),
    SERVER_NAME(
            "ClientHellos that named another server, or changed it",
            "The client asked for a permitted host and wanted another one inside. Find out what runs on it."),
    PASSWORD_GUESSING(
            "Wrong passwords again and again",
            "Somebody guesses. Block the client, and limit sources of the listener."),
    TRAIL_BROKEN(
            "The trail is broken",
            "Do not rely on the figures. Keep the files as they are, run 'konnect-proxy audit verify', and compare with a"
                    + " mirror or a kept checkpoint."),
    TRAIL_GAP(
            "Lines are missing from the trail, or may be",
            "The trail says so itself. Look at disk and host of the proxy at that time. A mirror may have what is missing."),
    LET_THROUGH(
            "Refused by the policy, and let through (report-only)", "Permit what is needed, then set mode to enforce."),
    DATA_PLANE_LOST(
            "Data planes that were lost",
            "Unless it was stopped, look at the data plane's own log, and at the network between it and this proxy."),
    REFUSED_REPEATEDLY(
            "Clients that were turned away again and again",
            "Look at the reason: the client, or the configuration, is not what it should be."),
    DATA_PLANE_FLAPPING(
            "Data planes that come and go",
            "Look at the data plane's own log, and at the outcomes and alerts of its tunnels."),
    BROKEN_HANDSHAKES(
            "TLS handshakes that came to nothing again and again",
            "The client probably does not trust the certificate that it sees. Something between may decrypt TLS."),
    NEW_DESTINATION(
            "Destinations that were reached for the first time",
            "Check that somebody knows why. If not, pin or remove what permits them."),
    OPEN_PLACEHOLDER(
            "Tenants are pinned, and others can be reached all the same", "Pin these too, or remove their purpose."),
    UNUSED_PIN("Pins that were never used", "Remove the pin if nobody needs it: it permits more than is used."),

    // Only of several trails. Those but the last say how far the others can be relied on, and so they are told first.

    ONE_NAME_TWICE(
            "Proxies that have one name at the same time",
            "Give each proxy a name of its own (instance). If one is a copy of the other's volume, stop it: of two trails with one"
                    + " name nobody knows whose lines are whose."),
    ONLY_CHECKPOINTS(
            "Trails of which nothing but checkpoints is left",
            "The lines were lost before their first file was finished, with the proxy's machine or volume. Find out what happened"
                    + " to it. The checkpoint says how many there were."),
    ARCHIVE_BEHIND(
            "Lines that were signed, and are not in the archive",
            "Look at the proxy: 'konnect-proxy audit archive --status' says what waits there, and --push sends it. If its volume is"
                    + " lost, so are these lines."),
    TRAIL_UNPROVEN(
            "Trails that nobody can prove",
            "Set audit.sign, and keep its public key: without signatures whoever can write the files can write others."),
    PROXY_SILENT(
            "Proxies that fell silent without a stop",
            "Look whether the proxy runs and writes. If it was removed, its last lines were not handed over; if only its current"
                    + " file is not here yet, read it too."),
    CONFIGURATION_DIFFERS(
            "Proxies that run another configuration than most",
            "Bring it to the configuration of the others ('konnect-proxy check' prints the digest), or know why it differs."),
    DATA_PLANE_MOVED(
            "Data planes that moved from one proxy to another",
            "Look at the proxy that it left, unless that was restarted or taken out of use.");

    /** Those of several trails that are told first. */
    private static final Set<FindingKind> FIRST = EnumSet.range(ONE_NAME_TWICE, CONFIGURATION_DIFFERS);

    private final String title;
    private final String advice;

    FindingKind(String title, String advice) {
        this.title = title;
        this.advice = advice;
    }

    /** The stable name, {@code internal_address}. */
    public String token() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** All kinds in the order in which a report has them. */
    static List<FindingKind> inOrder() {
        return Stream.concat(FIRST.stream(), Stream.of(values()).filter(kind -> !FIRST.contains(kind)))
                .toList();
    }

    /** Stable. 1 for the worst; those that only several trails can have follow after all others. */
    public int rank() {
        return List.of(values()).indexOf(this) + 1;
    }

    public String title() {
        return title;
    }

    /** What to do, where no line of the trail says it better. */
    public String advice() {
        return advice;
    }
}
