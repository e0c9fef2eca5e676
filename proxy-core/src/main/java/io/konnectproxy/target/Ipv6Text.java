package io.konnectproxy.target;

/** Recognizes IPv6 addresses (RFC 4291, section 2.2) without a zone. It does not convert them. */
final class Ipv6Text {
    private Ipv6Text() {}

    static boolean isAddress(String text) {
        int gap = text.indexOf("::");
        if (gap < 0) {
            return groups(text, true) == 8;
        }
        String left = text.substring(0, gap);
        String right = text.substring(gap + 2);
        int leftGroups = left.isEmpty() ? 0 : groups(left, false);
        int rightGroups = right.isEmpty() ? 0 : groups(right, true);
        return leftGroups >= 0 && rightGroups >= 0 && leftGroups + rightGroups < 8;
    }

    /** The number of 16-bit groups in the text, or -1. A dotted IPv4 address at the end counts as two, if it is allowed. */
    private static int groups(String text, boolean mayEndInIpv4) {
        String[] parts = text.split(":", -1);
        int count = 0;
        for (int i = 0; i < parts.length; i++) {
            String part = parts[i];
            if (mayEndInIpv4 && i == parts.length - 1 && part.indexOf('.') >= 0) {
                if (!part.matches(
                        "(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)(\\.(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)){3}")) {
                    return -1;
                }
                count += 2;
            } else if (part.matches("[0-9a-fA-F]{1,4}")) {
                count++;
            } else {
                return -1;
            }
        }
        return count;
    }
}
