package io.konnectproxy.server.command;

import java.io.Console;
import java.util.Optional;

/** Asks for a password without showing it. */
interface PasswordPrompt {
    /** What was typed; empty where there is nobody to ask, or who was asked went away. */
    Optional<char[]> ask(String question);

    static PasswordPrompt ofTheTerminal() {
        return question -> {
            // From JDK 22 on there is a console without a terminal too, and it would show what is typed.
            Console console = Terminal.STANDARD_INPUT.isThere() ? System.console() : null;
            return console == null ? Optional.empty() : Optional.ofNullable(console.readPassword("%s: ", question));
        };
    }
}
