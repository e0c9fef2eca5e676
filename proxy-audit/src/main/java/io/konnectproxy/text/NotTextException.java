package io.konnectproxy.text;

import java.nio.file.Path;

/** Bytes that are not the text that was expected. The message is the rest of a sentence that begins with {@link #at}. */
public final class NotTextException extends Exception {
    private static final long serialVersionUID = 1;

    private final int line;
    private final String what;
    private final String shown;

    /**
     * @param line from 1; 0 if it is about the whole
     * @param what what stands there, without anything of the content
     * @param shown the same with the byte
     */
    NotTextException(int line, String what, String shown) {
        super((line == 0 ? "is " : "has ") + what);
        this.line = line;
        this.what = what;
        this.shown = shown;
    }

    /** The line, from 1; 0 if the whole file is meant. */
    public int line() {
        return line;
    }

    /** The file, with the line if there is one: {@code tls.crt:3}. */
    public String at(Path file) {
        return at(file.toString());
    }

    public String at(String file) {
        return line == 0 ? file : file + ":" + line;
    }

    /** What stands there, for a sentence with "is" or "has". It has nothing of the content, which may be secret. */
    public String what() {
        return what;
    }

    /** The message with the wrong byte in it, for files that hold no secrets. */
    public String shown() {
        return (line == 0 ? "is " : "has ") + shown;
    }
}
