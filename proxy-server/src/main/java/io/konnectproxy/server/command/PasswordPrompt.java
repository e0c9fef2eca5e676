package io.konnectproxy.server.command;

import java.io.Console;
import java.util.Optional;

/** Asks for a password without showing it. */
interface PasswordPrompt {
    /** The typed password; empty where there is no terminal, or its input has ended. */
    Optional<char[]> ask(String question);

    static PasswordPrompt ofTheTerminal() {
        return question -> {
            // Since JDK 22 there is a console without a terminal too, which would show what is typed.
            Console console = Terminal.STANDARD_INPUT.isThere() ? System.console() : null;
            return console == null ? Optional.empty() : Optional.ofNullable(console.readPassword("%s: ", question));
        };
    }
}
