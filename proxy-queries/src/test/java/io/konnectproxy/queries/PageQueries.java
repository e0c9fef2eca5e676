package io.konnectproxy.queries;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The SQL of {@code docs/fleet.md}, as it stands there. */
final class PageQueries {
    private static final Path PAGE = Path.of("..", "docs", "fleet.md");
    private static final Pattern SECTION = Pattern.compile("(?ms)^### (?<title>[^\n]*)$(?<body>.*?)(?=^### |\\z)");
    private static final Pattern QUESTION = Pattern.compile("(?m)^\\*\\*(?<number>[0-9]+)\\. ");
    private static final Pattern SQL = Pattern.compile("(?ms)^```sql\n(?<sql>.*?)^```");

    private final Map<String, String> sections = new TreeMap<>();

    PageQueries() throws IOException {
        Matcher section = SECTION.matcher(Files.readString(PAGE));
        while (section.find()) {
            sections.put(section.group("title"), section.group("body"));
        }
    }

    /** The statements of a section. */
    List<String> setup(String title) {
        return blocks(section(title));
    }

    /** The ten questions by their numbers. */
    Map<Integer, String> questions() {
        Map<Integer, String> questions = new TreeMap<>();
        String body = section("The ten questions");
        Matcher question = QUESTION.matcher(body);
        List<Integer> starts = new ArrayList<>();
        List<Integer> numbers = new ArrayList<>();
        while (question.find()) {
            starts.add(question.start());
            numbers.add(Integer.parseInt(question.group("number")));
        }
        starts.add(body.length());
        for (int i = 0; i < numbers.size(); i++) {
            List<String> blocks = blocks(body.substring(starts.get(i), starts.get(i + 1)));
            if (blocks.size() != 1 || questions.put(numbers.get(i), blocks.get(0)) != null) {
                throw new IllegalStateException("question " + numbers.get(i) + " has no query of its own");
            }
        }
        return questions;
    }

    private String section(String title) {
        String body = sections.get(title);
        if (body == null) {
            throw new IllegalStateException("docs/fleet.md has no section " + title);
        }
        return body;
    }

    private static List<String> blocks(String text) {
        List<String> blocks = new ArrayList<>();
        Matcher sql = SQL.matcher(text);
        while (sql.find()) {
            blocks.add(sql.group("sql"));
        }
        return blocks;
    }
}
