package io.konnectproxy.server.config;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;

/**
 * Why a text could not be read as YAML, in words for its author in place of the engine's. They repeat nothing of the text but
 * single characters and addresses, for a password may stand in the line.
 *
 * @param line from 1
 * @param column from 1; 0 if the whole line is meant
 */
record YamlTrouble(int line, int column, String sentence) {
    private static final String NOT_YAML = "this is not YAML: ";
    private static final String OTHER =
            "see to its quotes, brackets and indent; a value with signs of its own belongs in quotes";
    private static final String NO_KEYS = "this is not YAML of keys and values";
    private static final Pattern INDENT = Pattern.compile("^[ \\t]*([^ \\t#\\x21-\\x7e])");
    /** An IPv6 address in brackets that no quote is in front of. */
    private static final Pattern ADDRESS = Pattern.compile(
            "(?<=^|[\\s,{\\[-])\\[[0-9a-fA-F.]*:[0-9a-fA-F:.]*\\](:[0-9]{1,5}|/[0-9]{1,3})?(?=$|[\\s,}\\]])");

    /** One that begins with a colon. */
    private static final Pattern BARE_ADDRESS =
            Pattern.compile("(?<=^|[\\s,{\\[-])::[0-9a-fA-F:.]*(/[0-9]{1,3})?(?=$|[\\s,}\\]])");

    private static final Pattern BEHIND_QUOTE =
            Pattern.compile("(?:^|[\\s,{\\[])(?:\"[^\"]*\"|'[^']*')[^\\s,:}\\]\"']");

    private static final Pattern TAB_BEHIND = Pattern.compile("^[^\"'#]*[:-][ ]*\\t");

    /** What cannot be seen where lines are indented: it becomes a part of the key, and what is wrong seems to be elsewhere. */
    static List<YamlTrouble> ofIndents(String text) {
        List<String> lines = text.lines().toList();
        return IntStream.range(0, lines.size())
                .mapToObj(i -> indent(i + 1, lines.get(i)))
                .flatMap(Optional::stream)
                .toList();
    }

    private static Optional<YamlTrouble> indent(int number, String line) {
        Matcher matcher = INDENT.matcher(line);
        if (!matcher.find() || !OddCharacter.isBlank(line.codePointAt(matcher.start(1)))) {
            return Optional.empty();
        }
        return Optional.of(new YamlTrouble(
                number,
                matcher.start(1) + 1,
                "the line is indented with " + OddCharacter.name(line.codePointAt(matcher.start(1)))
                        + "; write blanks in its place"));
    }

    /** @param fallback the line of the last thing that was read */
    static YamlTrouble of(String text, RuntimeException failure, int fallback) {
        if (failure instanceof ReaderException unreadable) {
            return unreadable(text, unreadable.getCodePoint());
        }
        Optional<Mark> mark =
                failure instanceof MarkedYamlEngineException marked ? marked.getProblemMark() : Optional.empty();
        int line = mark.map(present -> present.getLine() + 1).orElse(Math.max(1, fallback));
        int column = mark.map(present -> present.getColumn() + 1).orElse(0);
        if (content(text, line).contains("${")) {
            return new YamlTrouble(line, 0, NOT_YAML + Meant.NOT_FILLED_IN);
        }
        Optional<YamlTrouble> address = ofAddress(text, line);
        if (address.isPresent()) {
            return address.get();
        }
        if (failure instanceof MarkedYamlEngineException marked) {
            Optional<YamlTrouble> known = ofQuotes(text, marked, line).or(() -> ofLine(text, marked, line, column));
            if (known.isPresent()) {
                return known.get();
            }
        }
        return new YamlTrouble(line, 0, failure instanceof MarkedYamlEngineException ? NOT_YAML + OTHER : NO_KEYS);
    }

    private static YamlTrouble unreadable(String text, int codePoint) {
        int at = Math.max(0, text.indexOf(codePoint));
        int line = (int) text.substring(0, at).chars().filter(c -> c == '\n').count() + 1;
        return new YamlTrouble(
                line,
                at - text.lastIndexOf('\n', at),
                NOT_YAML + "the control character " + OddCharacter.name(codePoint)
                        + " stands here; take it out, or write it as an escape in double quotes");
    }

    /** A quote that is not closed is noticed at the next one, lines later, or at the end. */
    private static Optional<YamlTrouble> ofQuotes(String text, MarkedYamlEngineException failure, int line) {
        boolean inQuotes = String.valueOf(failure.getContext()).contains("quoted scalar");
        if (inQuotes && failure.getProblem().contains("escape")) {
            return Optional.of(new YamlTrouble(
                    line,
                    0,
                    NOT_YAML
                            + "in double quotes a backslash begins an escape, and this is none; write it twice, or take"
                            + " single quotes"));
        }
        List<String> lines = text.lines().toList();
        for (int i = Math.min(line, lines.size()); i >= 1; i--) {
            Optional<Character> open = openQuote(lines.get(i - 1));
            if (open.isPresent()) {
                return Optional.of(new YamlTrouble(
                        i,
                        lines.get(i - 1).indexOf(open.get()) + 1,
                        NOT_YAML + "the quote " + open.get() + " that opens in this line is not closed in it; quote the"
                                + " value at both ends"));
            }
        }
        return Optional.empty();
    }

    /** The quote that a value or key of the line begins with, and that stands there an odd number of times. */
    private static Optional<Character> openQuote(String line) {
        Matcher begin = Pattern.compile("(?:^|[\\s:,{\\[-])([\"'])").matcher(line.replaceFirst("(^|\\s)#.*$", ""));
        if (!begin.find()) {
            return Optional.empty();
        }
        char quote = begin.group(1).charAt(0);
        return line.chars().filter(c -> c == quote).count() % 2 == 1 ? Optional.of(quote) : Optional.empty();
    }

    private static Optional<YamlTrouble> ofAddress(String text, int line) {
        Matcher address = ADDRESS.matcher(content(text, line));
        if (address.find()) {
            return Optional.of(new YamlTrouble(
                    line,
                    address.start() + 1,
                    "'[' begins a list here; quote the address: \"" + address.group() + "\""));
        }
        Matcher bare = BARE_ADDRESS.matcher(content(text, line));
        return bare.find()
                ? Optional.of(new YamlTrouble(
                        line,
                        bare.start() + 1,
                        "an address that begins with a colon is no value here; quote it: \"" + bare.group() + "\""))
                : Optional.empty();
    }

    private static String content(String text, int line) {
        return text.lines().skip(line - 1L).findFirst().orElse("");
    }

    private static Optional<YamlTrouble> ofLine(String text, MarkedYamlEngineException failure, int line, int column) {
        String content = content(text, line);
        if (TAB_BEHIND.matcher(content).find() && !content.matches("^\\s*\\t.*")) {
            return Optional.of(new YamlTrouble(
                    line,
                    content.indexOf('\t') + 1,
                    "a tab (U+0009 CHARACTER TABULATION) stands in front of the value; write a blank in its place"));
        }
        if (content.contains("\t")) {
            return Optional.of(
                    new YamlTrouble(line, 0, NOT_YAML + "a tab stands in the line; YAML is indented with spaces"));
        }
        Optional<Integer> odd = OddCharacter.first(content);
        if (odd.isPresent()) {
            return Optional.of(new YamlTrouble(
                    line,
                    content.indexOf(odd.get()) + 1,
                    NOT_YAML + OddCharacter.name(odd.get()) + " stands here; write "
                            + OddCharacter.instead(odd.get())));
        }
        String problem = failure.getProblem();
        if (problem.contains("cannot start any token")) {
            int sign = content.isEmpty() ? ' ' : content.codePointAt(Math.min(content.length(), column) - 1);
            return Optional.of(new YamlTrouble(
                    line, column, NOT_YAML + "no value begins with " + OddCharacter.name(sign) + "; quote it"));
        }
        String context = String.valueOf(failure.getContext());
        String sign =
                context.endsWith("alias") ? "*" : context.endsWith("anchor") ? "&" : context.endsWith("tag") ? "!" : "";
        if (!sign.isEmpty()) {
            return Optional.of(new YamlTrouble(
                    line,
                    column,
                    NOT_YAML + "no value begins with " + OddCharacter.name(sign.charAt(0)) + "; quote it"));
        }
        Matcher behind = BEHIND_QUOTE.matcher(content);
        if (behind.find()) {
            return Optional.of(new YamlTrouble(
                    line, behind.end(), NOT_YAML + "a value goes on behind its closing quote; quote the whole of it"));
        }
        return ofStructure(failure, line, column, problem);
    }

    private static Optional<YamlTrouble> ofStructure(
            MarkedYamlEngineException failure, int line, int column, String problem) {
        if (problem.contains("mapping values are not allowed")) {
            return Optional.of(new YamlTrouble(
                    line,
                    column,
                    NOT_YAML
                            + "a colon with a blank behind it stands in a value; quote the value, or indent the line as its"
                            + " neighbours"));
        }
        String context = String.valueOf(failure.getContext()).toLowerCase(Locale.ROOT);
        if (context.contains("flow sequence") || context.contains("flow mapping")) {
            boolean list = context.contains("sequence");
            return Optional.of(new YamlTrouble(
                    failure.getContextMark().map(mark -> mark.getLine() + 1).orElse(line),
                    failure.getContextMark().map(mark -> mark.getColumn() + 1).orElse(column),
                    NOT_YAML + "the " + (list ? "list" : "mapping")
                            + " that begins here is not closed, or has a comma too few; write '"
                            + (list ? ']' : '}') + "' at its end, and quote values with signs of their own"));
        }
        if (problem.contains("could not find expected ':'")) {
            return Optional.of(new YamlTrouble(
                    line,
                    0,
                    NOT_YAML + "a key without its colon, or a colon without a blank behind it, stands here or above"));
        }
        if (context.contains("block")) {
            return Optional.of(new YamlTrouble(
                    line,
                    column,
                    NOT_YAML
                            + "the line fits none above; indent the keys of one section alike, and quote a value that has"
                            + " quotes or brackets in it"));
        }
        return Optional.empty();
    }
}
