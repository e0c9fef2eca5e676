package io.konnectproxy.report.render;

import io.konnectproxy.report.AuditReport;
import io.konnectproxy.report.IntegrityClaim;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/** What is known of the integrity of the lines, claim by claim. There is no sum, and no single tick. */
final class IntegrityStatement {
    private static final int NAME = 11;
    private static final int ASSURANCE = 13;

    private final List<IntegrityClaim> claims;

    IntegrityStatement(AuditReport report) {
        this.claims = report.claims();
    }

    void writeText(PrintWriter out, int width) {
        out.println("INTEGRITY OF THE LINES");
        for (IntegrityClaim claim : claims) {
            String begin = padded(name(claim), NAME) + padded(words(claim), ASSURANCE);
            Attention.hanging(begin, claim.ground(), out, width);
        }
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(Math.max(1, width - text.length()));
    }

    private static String name(IntegrityClaim claim) {
        String token = claim.aspect().token();
        return token.substring(0, 1).toUpperCase(Locale.ROOT) + token.substring(1);
    }

    private static String words(IntegrityClaim claim) {
        return switch (claim.assurance()) {
            case HOLDS -> "holds";
            case IN_PART -> "in part";
            case FAILS -> "FAILS";
            case NOT_CHECKED -> "not checked";
        };
    }

    void writeHtml(Markup html) {
        html.open("section", "id", "integrity", "aria-labelledby", "integrity-title");
        html.element("h2", "Integrity of the lines", "id", "integrity-title");
        html.open("dl", "class", "claims");
        for (IntegrityClaim claim : claims) {
            html.open("div");
            html.open("dt").text(name(claim) + " ");
            html.element("span", words(claim), "class", "assurance " + style(claim));
            html.close("dt");
            html.element("dd", claim.ground());
            html.close("div");
        }
        html.close("dl");
        html.close("section");
    }

    private static String style(IntegrityClaim claim) {
        return switch (claim.assurance()) {
            case HOLDS -> "holds";
            case IN_PART -> "in-part";
            case FAILS -> "fails";
            case NOT_CHECKED -> "not-checked";
        };
    }
}
