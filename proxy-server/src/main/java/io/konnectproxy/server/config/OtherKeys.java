package io.konnectproxy.server.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** A configuration file without some of its keys, for a text that sets them anew. Everything else stays as it is written. */
public final class OtherKeys {
    private OtherKeys() {}

    /**
     * The text of the file without these keys and the comments directly in front of them.
     *
     * @throws ConfigurationException with all problems, if it cannot be read, or does not have each key in lines of its own
     */
    public static String of(Path file, Collection<String> keys) throws ConfigurationException {
        Problems problems = new Problems();
        Optional<String> text = TextFile.read(file, "name another with -c FILE", problems);
        Optional<YamlValue> root = text.flatMap(read -> YamlDocument.read(file.toString(), read, problems));
        if (text.isEmpty() || root.isEmpty() || !problems.none()) {
            throw new ConfigurationException(problems);
        }
        List<String> lines = text.get().lines().toList();
        List<YamlValue.YamlEntry> entries = root.get().entries().orElse(List.of());
        BitSet dropped = new BitSet();
        for (int i = 0; i < entries.size(); i++) {
            YamlValue.YamlEntry entry = entries.get(i);
            int begin = entry.place().line() - 1;
            if (!isAtLineStart(lines.get(begin), entry.key())) {
                problems.add(entry.place(), entry.key(), "must begin a line, so that others can be put in its place");
            } else if (keys.contains(entry.key())) {
                int end = i + 1 < entries.size() ? entries.get(i + 1).place().line() - 1 : lines.size();
                dropped.set(afterComments(lines, begin), afterValue(lines, begin, end));
            }
        }
        if (!problems.none()) {
            throw new ConfigurationException(problems);
        }
        List<String> kept = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            if (!dropped.get(i)
                    && !lines.get(i).matches("\\.\\.\\.(\\s.*)?")
                    && !isSecondBlank(lines, i, dropped, kept)) {
                kept.add(lines.get(i));
            }
        }
        return String.join("\n", kept).strip();
    }

    /** Whether a line is blank, as is the one that it comes to stand behind. */
    private static boolean isSecondBlank(List<String> lines, int line, BitSet dropped, List<String> kept) {
        return line > 0
                && dropped.get(line - 1)
                && lines.get(line).isBlank()
                && (kept.isEmpty() || kept.get(kept.size() - 1).isBlank());
    }

    private static boolean isAtLineStart(String line, String key) {
        return line.startsWith(key) || line.startsWith("\"" + key) || line.startsWith("'" + key);
    }

    /** The first of the comments that stand directly in front of a line. */
    private static int afterComments(List<String> lines, int key) {
        int first = key;
        while (first > 0
                && lines.get(first - 1).startsWith("#")
                && !lines.get(first - 1).startsWith("# yaml-")) {
            first--;
        }
        return first;
    }

    /** Comments behind a value belong to it up to a blank line, otherwise to what follows. */
    private static int afterValue(List<String> lines, int begin, int end) {
        int after = end;
        while (after > begin + 1
                && (lines.get(after - 1).isBlank() || lines.get(after - 1).startsWith("#"))) {
            after--;
        }
        int comments = after;
        while (comments < end && lines.get(comments).startsWith("#")) {
            comments++;
        }
        return comments == end && end < lines.size() ? after : comments;
    }
}
