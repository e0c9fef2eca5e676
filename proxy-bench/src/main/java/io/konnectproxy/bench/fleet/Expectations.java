package io.konnectproxy.bench.fleet;

import java.util.Locale;

/** What must be, one line each: "ok" or "FAILED", with the figures. */
final class Expectations {
    private int failed;
    private int all;

    void expect(boolean holds, String what, Object... figures) {
        all++;
        if (!holds) {
            failed++;
        }
        say((holds ? "ok      " : "FAILED  ") + String.format(Locale.ROOT, what, figures));
    }

    void expectEqual(String what, long expected, long found) {
        expect(expected == found, "%s: %,d expected, %,d found", what, expected, found);
    }

    /** A figure that nothing is expected of. */
    void note(String what, Object... figures) {
        say("        " + String.format(Locale.ROOT, what, figures));
    }

    int all() {
        return all;
    }

    int failed() {
        return failed;
    }

    @SuppressWarnings("SystemOut")
    private static void say(String what) {
        System.out.println(what);
    }
}
