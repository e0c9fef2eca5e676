package io.konnectproxy.journal;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.SerializableString;
import tools.jackson.core.io.CharacterEscapes;

/** JSON leaves DEL as it is; a terminal that shows the line does not. */
final class ControlEscapes extends CharacterEscapes {
    private static final int DEL = 0x7f;

    /** Jackson asks for it twice a line, and changes nothing in it. */
    private final int[] ascii = standardAsciiEscapesForJSON();

    ControlEscapes() {
        ascii[DEL] = ESCAPE_STANDARD;
    }

    @Override
    public int[] getEscapeCodesForAscii() {
        return ascii;
    }

    @Override
    public @Nullable SerializableString getEscapeSequence(int character) {
        return null;
    }
}
