package io.konnectproxy.report;

import java.util.List;
import java.util.Locale;

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
            "Lines are missing from the trail",
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
    UNUSED_PIN("Pins that were never used", "Remove the pin if nobody needs it: it permits more than is used.");

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

    /** 1 for the worst. */
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
