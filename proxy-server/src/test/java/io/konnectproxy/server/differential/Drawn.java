package io.konnectproxy.server.differential;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;

/** Drawing by lot, and texts changed so. */
final class Drawn {
    private Drawn() {}

    static <T> T oneFrom(List<T> all, RandomGenerator random) {
        return all.get(random.nextInt(all.size()));
    }

    @SafeVarargs
    static <T> T oneOf(RandomGenerator random, T... all) {
        return all[random.nextInt(all.length)];
    }

    static <T> List<T> shuffled(List<T> all, RandomGenerator random) {
        List<T> shuffled = new ArrayList<>(all);
        Collections.shuffle(shuffled, new Random(random.nextLong()));
        return shuffled;
    }

    /** The text with the case of each ASCII letter drawn anew. */
    static String recased(String text, RandomGenerator random) {
        StringBuilder recased = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            recased.append(letter && random.nextBoolean() ? (char) (c ^ 0x20) : c);
        }
        return recased.toString();
    }

    /** The text with the piece put in somewhere. */
    static String inserted(String text, String piece, RandomGenerator random) {
        int at = random.nextInt(text.length() + 1);
        return text.substring(0, at) + piece + text.substring(at);
    }
}
