package io.konnectproxy.wire;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Answers that open a tunnel, by another road than the reader's: one regular expression for each line. */
final class ReplyModel {
    private static final String TEXT = "[\\t\\x20-\\x7e\\x80-\\xff]*+\\r\\n";
    private static final Pattern INTERIM = Pattern.compile("HTTP/1\\.[01] 1(?!01)[0-9]{2}(?: " + TEXT + "|\\r\\n)");
    private static final Pattern SUCCESS = Pattern.compile("HTTP/1\\.[01] 2[0-9]{2}(?: " + TEXT + "|\\r\\n)");
    private static final Pattern FIELD = Pattern.compile("[!#$%&'*+\\-.^_`|~0-9A-Za-z]++:" + TEXT);
    private static final Pattern EMPTY = Pattern.compile("\\r\\n");

    private final Matcher matcher;
    private int at;

    private ReplyModel(String text) {
        this.matcher = INTERIM.matcher(text);
    }

    /** Length of the answer in front of the text, or 0 where no answer there opens a tunnel. */
    static int length(String text) {
        ReplyModel model = new ReplyModel(text);
        int fields = 0;
        for (int interim = 0; model.take(INTERIM); interim++) {
            fields += model.fields();
            if (interim == ConnectReplyReader.MAX_INTERIM || !model.take(EMPTY)) {
                return 0;
            }
        }
        if (!model.take(SUCCESS)) {
            return 0;
        }
        fields += model.fields();
        boolean whole = model.take(EMPTY);
        return whole && fields <= ConnectReplyReader.MAX_FIELDS && model.at <= ConnectReplyReader.MAX_BYTES
                ? model.at
                : 0;
    }

    private int fields() {
        int fields = 0;
        while (take(FIELD)) {
            fields++;
        }
        return fields;
    }

    private boolean take(Pattern pattern) {
        matcher.usePattern(pattern).region(at, matcher.regionEnd());
        if (!matcher.lookingAt()) {
            return false;
        }
        at = matcher.end();
        return true;
    }
}
