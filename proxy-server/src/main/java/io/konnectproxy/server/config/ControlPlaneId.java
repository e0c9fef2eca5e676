package io.konnectproxy.server.config;

import io.konnectproxy.konnect.HostPattern.OpenLabel;
import java.util.regex.Pattern;

/** Recognises the ID of a control plane, a UUID, which is easily confused with the prefix of its host names. */
public final class ControlPlaneId {
    private static final Pattern UUID =
            Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", Pattern.CASE_INSENSITIVE);

    private ControlPlaneId() {}

    /**
     * Whether a text is such an ID.
     *
     * @param place the kind of pin that the text stands for
     */
    public static boolean is(OpenLabel place, String text) {
        return place == OpenLabel.CONTROL_PLANE && UUID.matcher(text).matches();
    }
}
