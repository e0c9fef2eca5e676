package io.konnectproxy.journal;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.SerializableString;
import tools.jackson.core.io.CharacterEscapes;

/** Escapes DEL as well, which JSON does not require, because a terminal would interpret it. */
public final class ControlEscapes extends CharacterEscapes {
    private static final int DEL = 0x7f;

    /** Shared, because Jackson asks for it twice a line and does not modify it. */
    private final int[] ascii = standardAsciiEscapesForJSON();

    public ControlEscapes() {
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
