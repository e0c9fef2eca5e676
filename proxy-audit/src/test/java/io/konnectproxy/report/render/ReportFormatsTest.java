package io.konnectproxy.report.render;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.konnectproxy.report.Period;
import io.konnectproxy.report.ReportQuery;
import io.konnectproxy.report.Story;
import io.konnectproxy.trail.TrailBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The three outputs, of stories in which everything happens once. */
class ReportFormatsTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Instant LATER = Instant.parse("2026-11-22T19:30:00Z");

    /** Every part of a report has something to say about it. */
    private static Story eventful() {
        return new Story()
                .event("start", "\"version\":\"0.1.0\"")
                .policy("d".repeat(64), "\"regions\":[\"us\"],\"control_planes\":[\"aaaa\",\"bbbb\"]")
                .permitted("1", "10.0.0.7/alice", "aaaa")
                .letThrough("2", "10.0.0.8", "example.com:443", "host_not_konnect")
                .later(HOUR)
                .refused("10.0.0.9", "evil.example:443", "host_not_konnect")
                .refused("10.0.0.9", "evil.example:443", "host_not_konnect")
                .gap(12, "2026-11-22T18:10:00.000000Z", "2026-11-22T18:20:00.000000Z")
                .event("torn", "\"kept_as\":\"x.torn-1\",\"bytes\":123,\"reason\":\"the last line has no end\"")
                .event(
                        "mirror",
                        "\"mirror\":\"syslog\",\"missed\":5,\"from\":\"2026-11-22T18:10:00.000000Z\","
                                + "\"until\":\"2026-11-22T18:20:00.000000Z\",\"reason\":\"r\"")
                .event("checkpoint", "\"key\":\"" + "e".repeat(64) + "\"")
                .later(HOUR)
                .policy("f".repeat(64), "\"regions\":[\"us\",\"eu\"],\"control_planes\":[\"aaaa\",\"bbbb\"]")
                .permitted("3", "10.0.0.7", "aaaa", "data-plane", "\"eu\"", "\"aaaa\"")
                .end("1", "aaaa.us.cp0.konghq.com:443", "client_closed", 1_500_000, 2_000_000_000, HOUR.multipliedBy(2))
                .end("2", "example.com:443", "connect_refused", 0, 0, HOUR, "null")
                .event("quota", "\"color\":1")
                .event("start", "\"version\":\"0.2.0\",\"mood\":\"good\"")
                .raw("garbage")
                .without(1)
                .event("drain", "")
                .event("stop", "");
    }

    /** With clients of whom more is known than the address, and a parent proxy. */
    private static Story peopled() {
        return new Story()
                .refusedTo(
                        "{\"address\":\"10.0.0.7\",\"port\":1,\"user\":null,\"certificate\":\"dp.corp\","
                                + "\"entry\":\"payments\",\"peer\":{\"address\":\"10.0.0.10\",\"port\":2}}",
                        "x.com:443",
                        "client_not_listed")
                .permitted("1", "10.0.0.8/alice", "aaaa")
                .through("http://a.corp:1", ",\"status\":407", "parent_refused");
    }

    /** A client was refused more often than there are lines for. */
    private static Story flooded() {
        return new Story()
                .permitted("1", "10.0.0.8", "aaaa")
                .refused("10.0.0.9", "evil.example:443", "host_not_konnect")
                .later(HOUR)
                .summedUp("{\"address\":\"10.0.0.9\"}", 123_456, 1)
                .summedUp("null", 20, 3);
    }

    private static ReportQuery everything() {
        return Story.query(Period.ALL, Optional.of(LATER));
    }

    @Test
    void text_says_it_all_in_eighty_columns() {
        String text = eventful().written(ReportFormat.TEXT, everything());

        assertThat(text.lines()).allMatch(line -> line.length() <= 80);
        assertThat(text.lines())
                .contains(
                        "Period: 2026-11-22 18:00:00 to 2026-11-22 20:00:00 UTC",
                        "Requests permitted        2",
                        "Refused, yet let through  1",
                        "! The verification failed at trail.jsonl:10: This is no line of the trail. Do",
                        " 1. The trail is broken (2)",
                        "    10.0.0.8: example.com:443",
                        "      host_not_konnect; 18:00:00",
                        "Unaltered  FAILS        trail.jsonl:10: This is no line of the trail. What",
                        "! The trail says of itself that 12 lines were lost in a gap between 2026-11-22",
                        "18:10:00 and 2026-11-22 18:20:00 (no space left on device).",
                        "! 1 line could not be read and is in none of the figures.",
                        "trail.jsonl:17  it is not JSON",
                        "! The mirror syslog missed 5 lines; the trail itself has them.",
                        "! The proxy ended without a stop line 1 time: it was killed, or the machine went",
                        "Control plane has the figures of purpose: aaaa = data-plane.",
                        "10.0.0.9  evil.example:443  host_not_konnect",
                        "    times 2, first 2026-11-22 19:00:00, last 2026-11-22 19:00:00",
                        "control plane bbbb      0                    -                    -")
                .anyMatch(line -> line.matches("us +1 +0 +0 +1 +0 +1.50 MB +2.00 GB +2.0 h"))
                .anyMatch(line -> line.matches("2026-11-22 +start +ffffffffffff +regions: added eu +1 .*"));
    }

    @Test
    void text_has_a_table_of_whatever_is_known_of_clients_and_parents() {
        String text = peopled().written(ReportFormat.TEXT);

        assertThat(text.lines())
                .allMatch(line -> line.length() <= 80)
                .anyMatch(line -> line.matches("dp.corp +0 +1 .*"))
                .anyMatch(line -> line.matches("10.0.0.8 \\(alice\\) +1 +0 .*"))
                .anyMatch(line -> line.startsWith("Client entry has the figures of certificate: payments = dp.corp"))
                .anyMatch(line -> line.matches("http://a.corp:1, status 407 +1 .*"));
        assertThat(eventful().written(ReportFormat.TEXT))
                .doesNotContain("by certificate", "by client entry", "by peer", "by parent");
    }

    @Test
    void text_cuts_a_name_that_would_fill_pages() {
        String text = new Story()
                .refused("10.0.0.9", "a".repeat(512), "malformed_request")
                .written(ReportFormat.TEXT);

        assertThat(text.lines().filter(line -> line.contains("aaaa"))).hasSizeLessThan(15);
        assertThat(text.lines()).allMatch(line -> line.length() <= 80);
    }

    @Test
    void text_breaks_no_host_name() {
        String host = "0646a7d680.us.cp0.konghq.com.a-rather-long-name.example.com:443";
        String text = new Story()
                .refusedTo(
                        "{\"address\":\"2001:db8:1111:2222:3333:4444:5555:6666\",\"port\":1,\"user\":null}",
                        host,
                        "control_plane_not_pinned")
                .written(ReportFormat.TEXT);

        assertThat(text.lines()).anyMatch(line -> line.strip().equals(host));
        assertThat(text.lines().filter(line -> line.contains("0646a7d680"))).allMatch(line -> line.contains(host));
    }

    @Test
    void text_breaks_no_host_name_however_long_and_its_tables_stay_narrow() {
        String label = "a".repeat(61) + ".";
        String host = label + label.toUpperCase(Locale.ROOT) + label + label + "us.io:443";
        String text = new Story()
                .refused("10.0.0.9", host, "host_not_konnect")
                .refused("10.0.0.9", "example.com:443", "host_not_konnect")
                .written(ReportFormat.TEXT);

        assertThat(text.lines().filter(line -> line.contains(label)))
                .isNotEmpty()
                .allMatch(line -> line.contains(host));
        assertThat(text.lines())
                .filteredOn(line -> !line.contains(host))
                .allMatch(line -> line.length() <= 80)
                .contains("10.0.0.9  example.com:443  host_not_konnect");
    }

    /** Hosts of Konnect that many ask for, and an attacker who is refused now and then. */
    private static Story attacked() {
        Story story = new Story();
        for (int host = 0; host < 30; host++) {
            for (int time = 0; time < 30; time++) {
                story.permitted("p" + host + "-" + time, "10.0.0.7", "cp" + host);
                story.refused("10.0.0.8", "host" + host + ".example:443", "host_not_konnect");
                story.refused("10.0.0.8", "192.0.43.8:443", "ip_literal");
            }
        }
        for (int time = 0; time < 26; time++) {
            story.refused("10.66.6.6", "169.254.169.254:443", "ip_literal");
        }
        return story.refused("10.66.6.6", "[::1]:443", "ip_literal")
                .refused("10.66.6.6", "0x7f.1:443", "ip_literal")
                .permitted("f", "10.66.6.7", "rebound")
                .end("f", "rebound.us.cp0.konghq.com:443", "address_forbidden", 0, 0, Duration.ZERO, "null")
                .end("p1-1", "cp1.us.cp0.konghq.com:443", "dns_failed", 0, 0, Duration.ZERO, "null")
                .end("p1-2", "cp1.us.cp0.konghq.com:443", "client_closed", 0, 0, Duration.ZERO);
    }

    @Test
    void requests_for_internal_addresses_come_first() {
        String text = attacked().written(ReportFormat.TEXT);

        assertThat(section(text, "Requests and tunnels by target:", "REFUSALS"))
                .containsPattern(
                        "-\\R169\\.254\\.169\\.254:443 .*\\R0x7f\\.1:443 .*\\R\\[::1]:443 .*\\R192\\.0\\.43\\.8:443 ");
        assertThat(section(text, "REFUSALS", "TUNNELS"))
                .containsPattern("Refusals by client, target and reason:\\R10\\.66\\.6\\.6 +169\\.254\\.169\\.254:443");
        assertThat(section(text, "NEEDS ATTENTION", "INTEGRITY OF THE LINES"))
                .containsPattern(
                        "ATTENTION\\R 1\\. Requests for metadata.*\\R    10\\.66\\.6\\.6: 169\\.254\\.169\\.254:443\\R");
        String json = attacked().written(ReportFormat.JSON).replaceAll("\\s+", "");
        assertThat(json)
                .contains("\"targets\":{\"rows\":[{\"target\":\"169.254.169.254:443\",")
                .contains("\"refusals\":{\"rows\":[{\"client\":\"10.66.6.6\",\"target\":\"169.254.169.254:443\",")
                .contains("\"failed_tunnels\":{\"rows\":[{\"client\":\"10.66.6.7\",\"target\":\"rebound.us.cp0");
        String page = attacked().written(ReportFormat.HTML);
        assertThat(page.indexOf("169.254.169.254", page.indexOf("by target")))
                .isLessThan(page.indexOf("cp1.us.cp0", page.indexOf("by target")));
    }

    private static String section(String text, String title, String next) {
        assertThat(text).containsSubsequence("\n" + title + "\n", "\n" + next + "\n");
        return text.substring(text.indexOf("\n" + title + "\n"), text.indexOf("\n" + next + "\n"));
    }

    @Test
    void a_name_that_led_to_a_forbidden_address_is_a_refusal_and_no_tunnel() {
        String text = attacked().written(ReportFormat.TEXT);

        assertThat(section(text, "REFUSALS", "TUNNELS"))
                .contains("! Some names were permitted, led to a forbidden address and were refused for");
        assertThat(section(text, "NEEDS ATTENTION", "INTEGRITY OF THE LINES"))
                .containsPattern(
                        " 2\\. Permitted names that resolved to forbidden addresses\\R    10\\.66\\.6\\.7: rebound\\.us\\.cp0");
        assertThat(section(text, "TUNNELS", "TLS"))
                .doesNotContain("address_forbidden", "rebound")
                .contains("dns_failed", "client_closed");
        String alone = new Story()
                .permitted("f", "10.66.6.7", "rebound")
                .end("f", "rebound.us.cp0.konghq.com:443", "address_forbidden", 0, 0, Duration.ZERO, "null")
                .written(ReportFormat.TEXT);
        assertThat(alone).contains("\nREFUSALS\n", "address_forbidden").doesNotContain("\nTUNNELS\n", "No request was");
    }

    @Test
    void text_counts_what_was_summed_up() {
        String text = flooded().written(ReportFormat.TEXT);

        assertThat(text.lines())
                .allMatch(line -> line.length() <= 80)
                .contains("Requests refused          123,481")
                .containsSequence(
                        "10.0.0.9  (summed up)  host_not_konnect",
                        "    times 123,456, first 2026-11-22 18:59:30, last 2026-11-22 18:59:59")
                .anyMatch(line -> line.matches("\\(too many clients\\) +0 +23.*"))
                .anyMatch(line -> line.startsWith("123,480 refusals were summed up by the proxy"));
        assertThat(eventful().written(ReportFormat.TEXT)).doesNotContain("(summed up)", "refusals were summed up");
    }

    @Test
    void json_and_page_count_what_was_summed_up() {
        assertThat(flooded().written(ReportFormat.JSON).replaceAll("\\s+", ""))
                .contains("\"refused\":123481,", "\"refusals_summed_up\":123480,");
        assertThat(flooded().written(ReportFormat.HTML))
                .contains("123,481", "123,480 refusals were summed up", "123,480 refused");
    }

    @ParameterizedTest
    @MethodSource("stories")
    void json_is_as_its_schema_says(Story story) throws Exception {
        String schema = Files.readString(Path.of("..", "config", "audit-report.schema.json"));
        for (ReportQuery query : List.of(Story.query(), everything())) {
            assertThat(SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                            .getSchema(schema, InputFormat.JSON)
                            .validate(story.written(ReportFormat.JSON, query), InputFormat.JSON))
                    .isEmpty();
        }
    }

    static Stream<Story> stories() {
        return Stream.of(eventful(), peopled(), flooded(), reloaded(), new Story(), new Story().event("start", ""));
    }

    private static Story reloaded() {
        return new Story()
                .event("start", "\"version\":\"0.1.0\",\"instance\":\"proxy-1\"")
                .configured("start", "aaaaaaaaaaaa", "[\"us\"]")
                .configured("reload", "bbbbbbbbbbbb", "[\"us\"]")
                .event("reload_refused", "\"problems\":[\"One.\",\"Two.\"],\"omitted\":3")
                .raw(new TrailBuilder().of("ffffffffffff").start().take().get(0));
    }

    @Test
    void reloads_and_whose_lines_they_are_are_in_every_format() {
        assertThat(reloaded().written(ReportFormat.TEXT).replaceAll("\\s+", " "))
                .contains(
                        "Trails 00ab12cd34ef, ffffffffffff of proxy-1.",
                        "! The lines are of 2 trails, and are added up as if they were of one: 00ab12cd34ef, ffffffffffff.",
                        "! A changed configuration was refused 1 time, and the old one stayed in force.",
                        "Reloaded 1 time.",
                        "One; Two; and 3 more",
                        "reload bbbbbbbbbbbb (nothing of what is permitted)");
        assertThat(reloaded().written(ReportFormat.HTML)).contains("One; Two; and 3 more", "ffffffffffff");
        assertThat(reloaded().written(ReportFormat.JSON).replaceAll("\\s+", ""))
                .contains(
                        "\"trails\":[\"00ab12cd34ef\",\"ffffffffffff\"],\"instances\":[\"proxy-1\"]",
                        "\"reloads\":1,\"refused_reloads\":1,\"last_refused_reloads\":[{\"time\":",
                        "\"problems\":[\"One.\",\"Two.\"],\"omitted\":3}]",
                        "\"version\":\"0.1.0\",\"instance\":\"proxy-1\"");
    }

    @Test
    void json_has_exact_figures() {
        String json = eventful().written(ReportFormat.JSON, everything()).replaceAll("\\s+", "");

        assertThat(json)
                .startsWith("{\"report\":1,\"period\":{\"from\":\"2026-11-22T18:00:00.001000Z\"")
                .contains(
                        "\"chain_verified\":false,\"first_seq\":1,\"last_seq\":19,\"numbering_breaks\":1,\"missing_numbers\":1")
                .contains("{\"control_plane\":\"aaaa\",\"permitted\":2,\"refused\":0,\"let_through\":0,"
                        + "\"tunnels\":1,\"failed\":0,\"bytes_up\":1500000,\"bytes_down\":2000000000,\"tunnel_ms\":7200000,"
                        + "\"may_have_missed\":0}")
                .contains("\"refusals\":{\"rows\":[{\"client\":\"10.0.0.9\",\"target\":\"evil.example:443\","
                        + "\"reason\":\"host_not_konnect\",\"count\":2,")
                .contains("\"never_used\":[{\"control_plane\":\"bbbb\",")
                .contains("\"unknown_events\":{\"quota\":1},\"unknown_fields\":{\"start.mood\":1}")
                .contains("\"changed\":[{\"key\":\"regions\",\"added\":[\"eu\"],\"removed\":[]}]");
    }

    /** What a client may ask for, as the trail has it: printable ASCII, and the backslash that the trail's escapes begin with. */
    private static final List<String> HOSTILE = List.of(
            "<script>alert(1)</script>:443",
            "\"><img src=x onerror=alert(1)>:443",
            "' onmouseover='alert(1)",
            "</style><script>alert(1)</script>",
            "</title><svg/onload=alert(1)>",
            "a&lt;b&amp;c&#60;",
            "\\x1b[31m\\x00\\xe2\\x80\\xae",
            "{{7*7}}${7*7}`",
            "javascript:alert(1)",
            "<!--",
            "]]>",
            "x".repeat(512));

    @Test
    void html_shows_what_an_attacker_wrote_and_nothing_more() {
        Story story = new Story();
        for (String hostile : HOSTILE) {
            String json = hostile.replace("\\", "\\\\").replace("\"", "\\\"");
            story.refused(json, json, json)
                    .permitted(json, json + "/" + json, json, json, "\"" + json + "\"", "\"" + json + "\"")
                    .end(
                            json,
                            json,
                            json,
                            1,
                            1,
                            HOUR,
                            "{\"sni\":null,\"alpn\":[],\"versions\":[\"" + json + "\"],\"ech\":false}")
                    .policy(json, "\"" + json + "\":[\"" + json + "\"]")
                    .event("start", "\"version\":\"" + json + "\"")
                    .event("torn", "\"kept_as\":\"" + json + "\",\"bytes\":1,\"reason\":\"" + json + "\"")
                    .event("start", "\"" + json + "\":1")
                    .raw("{\"v\":1,\"seq\":1,\"time\":\"2026-11-22T18:00:00.000000Z\",\"event\":\"" + json + "\"}");
        }
        String page = story.written(ReportFormat.HTML);

        assertThat(page)
                .doesNotContainIgnoringCase("<script")
                .doesNotContain("<img")
                .doesNotContain("<!--");
        assertThat(tags(page))
                .isSubsetOf(
                        "html",
                        "head",
                        "meta",
                        "title",
                        "style",
                        "body",
                        "main",
                        "header",
                        "h1",
                        "h2",
                        "h3",
                        "b",
                        "ol",
                        "p",
                        "dl",
                        "div",
                        "dt",
                        "dd",
                        "nav",
                        "ul",
                        "li",
                        "a",
                        "section",
                        "table",
                        "caption",
                        "thead",
                        "tbody",
                        "tr",
                        "th",
                        "td",
                        "figure",
                        "figcaption",
                        "span",
                        "svg",
                        "desc",
                        "line",
                        "text",
                        "g",
                        "rect",
                        "details",
                        "summary");
        assertThat(attributes(page))
                .isSubsetOf(
                        "lang",
                        "charset",
                        "http-equiv",
                        "content",
                        "name",
                        "class",
                        "id",
                        "aria-label",
                        "aria-labelledby",
                        "href",
                        "role",
                        "scope",
                        "data-title",
                        "width",
                        "height",
                        "x",
                        "y",
                        "x1",
                        "x2",
                        "y1",
                        "y2",
                        "text-anchor",
                        "transform");
        for (String hostile : HOSTILE) {
            assertThat(visible(page)).contains(hostile);
        }
        assertThat(page).contains("<dd>12</dd>");
    }

    private static List<String> tags(String page) {
        Matcher matcher = Pattern.compile("<([a-zA-Z0-9!/]+)").matcher(markup(page));
        return matcher.results()
                .map(found -> found.group(1).replace("/", ""))
                .distinct()
                .toList();
    }

    private static List<String> attributes(String page) {
        Matcher matcher = Pattern.compile(" ([a-z0-9-]+)=\"").matcher(markup(page));
        return matcher.results().map(found -> found.group(1)).distinct().toList();
    }

    private static String markup(String page) {
        return page.substring("<!DOCTYPE html>".length()).replaceAll("(?s)<style>.*</style>", "<style></style>");
    }

    private static String visible(String page) {
        return page.replaceAll("<[^>]*>", "")
                .replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&quot;", "\"")
                .replace("&#39;", "'")
                .replace("&#96;", "`")
                .replace("&amp;", "&");
    }

    @Test
    void html_lets_a_browser_load_and_run_nothing() throws Exception {
        String page = eventful().written(ReportFormat.HTML, everything());
        String style = page.substring(page.indexOf("<style>") + 7, page.indexOf("</style>"));
        String hash = java.util.Base64.getEncoder()
                .encodeToString(java.security.MessageDigest.getInstance("SHA-256")
                        .digest(style.getBytes(java.nio.charset.StandardCharsets.UTF_8)));

        assertThat(page)
                .contains("content=\"default-src &#39;none&#39;; style-src &#39;sha256-" + hash
                        + "&#39;; base-uri &#39;none&#39;; form-action &#39;none&#39;\"");
        assertThat(page)
                .doesNotContain("style=")
                .doesNotContain("src=")
                .doesNotContain("http:")
                .doesNotContain("https:");
        assertThat(style).doesNotContain("url(").doesNotContain("@import");
        Matcher links = Pattern.compile("href=\"([^\"]*)\"").matcher(page);
        assertThat(links.results().map(found -> found.group(1)).toList())
                .isNotEmpty()
                .allSatisfy(link -> assertThat(page).contains("id=\"" + link.substring(1) + "\""));
        assertThat(page.chars()).allMatch(c -> c < 0x7f);
    }

    @Test
    void html_draws_as_many_as_there_were() {
        String page = eventful().written(ReportFormat.HTML);

        assertThat(page)
                .contains("<title>2026-11-22 18:00: 1 permitted, 0 refused, 1 refused and let through</title>")
                .contains("<title>2026-11-22 19:00: 0 permitted, 2 refused</title>")
                .contains("<title>2026-11-22 20:00: 1 permitted, 0 refused</title>")
                .contains("<title>aaaa: 1.50 MB up, 2.00 GB down</title>");
        assertThat(count(page, "<rect class=\"permitted\"")).isEqualTo(2);
        assertThat(count(page, "<rect class=\"refused\"")).isEqualTo(1);
        assertThat(count(page, "<rect class=\"let-through\"")).isEqualTo(1);
        // Two of what was at most one and two at a time: two thirds of the plot of 120 hang below the line.
        assertThat(page).containsPattern("<rect class=\"refused\" [^>]*height=\"80\\.00\"");
    }

    @Test
    void html_draws_permissions_beside_a_flood_of_refusals() {
        Story story = new Story().permitted("1", "10.0.0.7", "aaaa");
        for (int i = 0; i < 100; i++) {
            story.refused("10.0.0.9", "evil.example:443", "host_not_konnect");
        }
        String page = story.written(ReportFormat.HTML);

        assertThat(page)
                .contains("Above and below the line, scales differ.")
                .containsPattern("<rect class=\"permitted\" [^>]*height=\"72\\.00\"")
                .containsPattern("<rect class=\"refused\" [^>]*height=\"48\\.00\"");
        assertThat(eventful().written(ReportFormat.HTML)).doesNotContain("scales differ");
    }

    @Test
    void html_leaves_the_sum_of_many_control_planes_undrawn() {
        Story story = new Story();
        for (int i = 0; i < 30; i++) {
            story.permitted("1", "10.0.0.7", "cp" + i).end("1", "x:443", "client_closed", i, 0, HOUR);
        }
        String page = story.written(ReportFormat.HTML);

        // The 18 smallest: 0 to 17.
        assertThat(page).contains("Not drawn: 18 others with 153 B in all.");
        assertThat(count(page, "<rect class=\"up\"")).isEqualTo(12);
        assertThat(page).containsPattern("<rect class=\"up\" x=\"0.00%\" width=\"100.00%\"");
    }

    @Test
    void html_of_one_request_has_one_bar() {
        String page = new Story().permitted("1", "10.0.0.7", "aaaa").written(ReportFormat.HTML);

        assertThat(page)
                .containsPattern(
                        "<rect class=\"permitted\" x=\"50\\.00%\" [^>]*width=\"36\" y=\"20.00\" height=\"120.00\"");
        assertThat(count(page, "<rect")).isEqualTo(1);
        assertThat(page).doesNotContain("id=\"bytes\"");
    }

    @Test
    void html_of_a_year_has_a_bar_a_week() {
        String page = new Story()
                .permitted("1", "10.0.0.7", "aaaa")
                .later(Duration.ofDays(365))
                .permitted("2", "10.0.0.7", "aaaa")
                .written(ReportFormat.HTML);

        assertThat(page).contains("Requests in each 7 days (UTC)").contains("2026-11-16 00:00: 1 permitted");
        assertThat(count(page, "<rect class=\"permitted\"")).isEqualTo(2);
        assertThat(count(page, "<text class=\"tick")).isBetween(4, 8);
    }

    @ParameterizedTest
    @EnumSource
    void nothing_at_all_is_a_report_too(ReportFormat format) {
        assertThat(new Story().written(format))
                .contains(format == ReportFormat.JSON ? "\"lines\" : 0" : "There is not one line");
        assertThat(new Story().event("start", "").written(format))
                .doesNotContain("NaN")
                .doesNotContain("9223372036854775807");
    }

    private static int count(String text, String part) {
        return text.split(Pattern.quote(part), -1).length - 1;
    }
}
