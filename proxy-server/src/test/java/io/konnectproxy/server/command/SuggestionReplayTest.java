package io.konnectproxy.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.address.AddressText;
import io.konnectproxy.policy.Client;
import io.konnectproxy.policy.Verdict;
import io.konnectproxy.server.command.TrialTrail.Asked;
import io.konnectproxy.server.command.TrialTrail.Asker;
import io.konnectproxy.server.command.TrialTrail.End;
import io.konnectproxy.server.config.ConfigurationException;
import io.konnectproxy.server.config.ConfigurationLoader;
import io.konnectproxy.target.ConnectTarget;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Made-up fleets: what {@code suggest} prints is loaded, and judges every request of the trail again. */
class SuggestionReplayTest {
    private static final List<String> HOSTS = List.of(
            "0646a7d680.us.cp0.konghq.com:443",
            "0646a7d680.us.tp0.konghq.com:443",
            "0646a7d680.eu.cp.konghq.com:443",
            "36fc5d01be.us.cp0.konghq.com:443",
            "36fc5d01be.eu.cp0.konghq.com:443",
            "us.api.konghq.com:443",
            "EU.api.konghq.com:443",
            "cloud.konghq.com:443",
            "mine.us.kongportals.com:443",
            "acme.us.identity.konghq.com:443",
            "us.identity.konghq.com:443",
            "global.mcp.konghq.com:443",
            "us.mcp.konghq.com:443");
    private static final List<String> ATTACKS = List.of(
            "169.254.169.254:443", "evil.example:443", "us.api.konghq.com:80", "cloud.konghq.com.:443", "a b:443");

    private static final List<End> ENDS = List.of(End.values());

    @TempDir
    private static Path directory = Path.of("");

    private static String listeners = "";

    @BeforeAll
    static void listen() throws IOException {
        run("certificate", "proxy.corp", "--out", directory.resolve("tls").toString());
        Files.writeString(directory.resolve("users"), "dp-0:$2y$10$" + ".".repeat(53) + "\n");
        listeners = """
            listen:
            - { address: "[::]:3128", credentials: %1$s/users }
            - { address: "[::]:3129", tls: { certificate: %1$s/tls/tls.crt, key: %1$s/tls/tls.key, client-ca: %1$s/tls/ca.crt } }
            """.formatted(directory);
    }

    private static String run(String... arguments) {
        StringWriter out = new StringWriter();
        KonnectProxyCommand.execute(new PrintWriter(out), new PrintWriter(new StringWriter()), Map.of(), arguments);
        return out.toString();
    }

    /** Few places, users and certificates, so that they coincide in every way. */
    private static TrialTrail drawn(Random random) {
        TrialTrail trial = new TrialTrail();
        int hosts = 1 + random.nextInt(HOSTS.size());
        int clients = 1 + random.nextInt(12);
        boolean named = random.nextBoolean();
        for (int i = 0; i < clients; i++) {
            Asker client = Asker.at(
                    random.nextInt(4) == 0
                            ? "2001:db8:0:" + random.nextInt(6) + "::" + (1 + random.nextInt(3))
                            : "10.0." + random.nextInt(2) + "." + (1 + random.nextInt(9)));
            if (named && random.nextBoolean()) {
                client = client.user("dp-" + random.nextInt(4));
            }
            if (named && random.nextInt(3) == 0) {
                client = client.certificate((random.nextBoolean() ? "DP-" : "dp-") + random.nextInt(4) + ".corp");
            }
            int requests = 1 + random.nextInt(5);
            for (int j = 0; j < requests; j++) {
                boolean attack = random.nextInt(8) == 0;
                List<String> from = attack ? ATTACKS : HOSTS.subList(0, hosts);
                End end = random.nextBoolean() ? End.USED : ENDS.get(random.nextInt(ENDS.size()));
                trial.ask(client, from.get(random.nextInt(from.size())), end);
            }
        }
        return trial;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void permits_what_it_says_and_refuses_all_else(long seed) throws Exception {
        Random random = new Random(seed);
        for (int round = 0; round < 2; round++) {
            TrialTrail trial = drawn(random);
            String suggested = run(
                    "suggest",
                    trial.writeTo(directory.resolve("trail-" + seed + ".jsonl")).toString());
            if (trial.all().stream().noneMatch(SuggestionReplayTest::justifies)) {
                assertThat(suggested).contains("Nothing in this trail justifies a rule.");
                continue;
            }
            RequestJudge judge = judge(suggested).orElseThrow();
            String along = section(suggested, "# Permitted along");
            for (Asked asked : trial.all()) {
                boolean justified = isJustified(trial, asked);
                boolean said = justified
                        || along.lines()
                                .anyMatch(line -> line.matches("# +[0-9]+  "
                                        + Pattern.quote(asked.target().toLowerCase(Locale.ROOT)) + " by .*"));
                if (permits(judge, asked)) {
                    assertThat(said).as("%s in%n%s", asked, suggested).isTrue();
                } else {
                    assertThat(justified).as("%s in%n%s", asked, suggested).isFalse();
                }
            }
            nothingCanBeTakenOut(trial, suggested);
        }
    }

    /** Whether a request justifies its host, for a client that rules can be for. */
    private static boolean justifies(Asked asked) {
        return asked.end().justifies() && HOSTS.contains(asked.target());
    }

    /** Whether this or another request of the client does. */
    private static boolean isJustified(TrialTrail trial, Asked asked) {
        return trial.all().stream()
                .anyMatch(other -> justifies(other)
                        && isSameClient(other.by(), asked.by())
                        && other.target().equalsIgnoreCase(asked.target()));
    }

    private static boolean isSameClient(Asker one, Asker other) {
        if (!one.user().isEmpty() || !other.user().isEmpty()) {
            return one.user().equals(other.user());
        }
        if (!one.certificate().isEmpty() || !other.certificate().isEmpty()) {
            return one.certificate().equalsIgnoreCase(other.certificate());
        }
        return network(one.address()).equals(network(other.address()));
    }

    /** The /64 of the addresses that are drawn. */
    private static String network(String address) {
        return address.replaceFirst("::[0-9]+$", "::");
    }

    private static boolean permits(RequestJudge judge, Asked asked) {
        Asker by = asked.by();
        Client client = RequestJudge.client(
                AddressText.read(by.address()).map(AddressText::address),
                Optional.of(by.user()).filter(user -> !user.isEmpty()),
                by.certificate().isEmpty() ? List.of() : List.of(by.certificate()));
        return judge.judge(client, ConnectTarget.parse(asked.target())).verdict() instanceof Verdict.Permitted;
    }

    private static Optional<RequestJudge> judge(String suggested) throws IOException {
        try {
            return Optional.of(new RequestJudge(ConfigurationLoader.load(
                    Files.writeString(directory.resolve("suggested.yaml"), listeners + suggested), Map.of())));
        } catch (ConfigurationException e) {
            return Optional.empty();
        }
    }

    private static String section(String text, String title) {
        int begin = text.indexOf(title);
        return begin < 0 ? "" : text.substring(begin).replaceFirst("(?s)\n\n.*", "");
    }

    /** Each value and each entry, taken out alone, leaves a justified request refused, or no configuration at all. */
    private static void nothingCanBeTakenOut(TrialTrail trial, String suggested) throws IOException {
        for (String less : without(suggested)) {
            Optional<RequestJudge> judge = judge(less);
            assertThat(judge.isEmpty()
                            || trial.all().stream()
                                    .anyMatch(asked -> isJustified(trial, asked) && !permits(judge.get(), asked)))
                    .as("all is permitted by%n%s%nwhich is less than%n%s", less, suggested)
                    .isTrue();
        }
    }

    private static List<String> without(String suggested) {
        List<String> all = new ArrayList<>();
        List<String> lines = suggested.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (line.startsWith("  - name: ")) {
                int end = i + 1;
                while (end < lines.size() && lines.get(end).startsWith("    ")) {
                    end++;
                }
                all.add(text(lines, i, end, ""));
            } else if (line.startsWith("  - ") && !isOnlyPin(lines, i) && !line.contains("no host in it was used")) {
                all.add(text(lines, i, i + 1, ""));
            }
            Matcher list = Pattern.compile("    ([a-z-]+): \\[(.+)]").matcher(line);
            if (list.matches() && list.group(2).contains(",")) {
                List<String> items = List.of(list.group(2).split(", "));
                for (String item : items) {
                    List<String> others =
                            items.stream().filter(other -> !other.equals(item)).toList();
                    all.add(text(lines, i, i + 1, "    " + list.group(1) + ": " + others + "\n"));
                }
            }
        }
        return all;
    }

    /** Without its only pin a kind is open. */
    private static boolean isOnlyPin(List<String> lines, int item) {
        boolean first = !lines.get(item - 1).startsWith("  - ");
        boolean last = item + 1 == lines.size() || !lines.get(item + 1).startsWith("  - ");
        return first && last && lines.get(item - 1).matches("(control-planes|portals|tenants):");
    }

    private static String text(List<String> lines, int from, int to, String instead) {
        return String.join("\n", lines.subList(0, from)) + "\n" + instead
                + String.join("\n", lines.subList(to, lines.size())) + "\n";
    }
}
