package io.konnectproxy.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.address.Cidr;
import io.konnectproxy.konnect.HostPattern.OpenLabel;
import io.konnectproxy.konnect.KonnectCatalog;
import io.konnectproxy.konnect.Purpose;
import io.konnectproxy.konnect.Region;
import io.konnectproxy.konnect.SmallCatalog;
import io.konnectproxy.konnect.TenantLabel;
import io.konnectproxy.policy.ClientEntry.Match;
import io.konnectproxy.policy.EgressPolicy.Clients;
import io.konnectproxy.policy.EgressPolicy.Mode;
import io.konnectproxy.policy.EgressPolicy.Rules;
import io.konnectproxy.policy.Verdict.Permitted;
import io.konnectproxy.policy.Verdict.Refused;
import io.konnectproxy.target.ConnectTarget;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Drawn lists of entries beside a search that compares every entry with every other. */
class DrawnClientsTest {
    private static final int ROUNDS = 2_000;
    private static final KonnectCatalog CATALOG = SmallCatalog.create();
    private static final List<String> USERS = List.of("a", "A", "b", "c");
    private static final List<String> CERTIFICATES = List.of("a", "A.corp", "a.corp", "b.corp");
    private static final List<String> BLOCKS = List.of(
            "0.0.0.0/0",
            "10.0.0.0/8",
            "10.128.0.0/9",
            "10.1.0.0/16",
            "10.1.0.0/31",
            "10.1.0.1/32",
            "::/0",
            "fd00::/8",
            "fd00::/127",
            "fd00::1/128",
            "a01::/16");
    private static final List<String> ADDRESSES =
            List.of("10.1.0.0", "10.1.0.1", "10.1.0.2", "10.200.0.1", "192.0.2.1", "fd00::1", "fd00::2", "a01:1::");
    private static final List<String> TARGETS = List.of(
            "cloud.konghq.com:443",
            "us.api.konghq.com:443",
            "eu.api.konghq.com:443",
            "us.mcp.konghq.com:443",
            "1.us.cp0.konghq.com:443",
            "2.us.cp0.konghq.com:443",
            "1.eu.tp.konghq.com:443",
            "example.com:443");

    static List<Long> seeds() {
        return List.of(3128L, ThreadLocalRandom.current().nextLong());
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void every_client_gets_the_rules_of_its_entry_and_nothing_of_any_other(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Map<String, Integer> found = new HashMap<>();
        for (int round = 0; round < ROUNDS; round++) {
            List<ClientEntry> entries = IntStream.range(0, random.nextInt(9))
                    .mapToObj(number -> entry("entry " + number, random))
                    .toList();
            Rules all = rules(entry("all", random));
            boolean only = random.nextInt(4) == 0;
            EgressPolicy policy = new EgressPolicy(CATALOG, all, new Clients(entries, only));
            Client client = client(random);
            ConnectTarget target = ConnectTarget.parse(TARGETS.get(random.nextInt(TARGETS.size())));

            Judgement judgement = policy.decide(client, target);

            Optional<ClientEntry> expected = mostSpecific(entries, client);
            int number = round;
            Supplier<String> origin = () -> "seed " + seed + ", round " + number + ": " + client + " among " + entries;
            assertThat(judgement.entry()).as(origin).isEqualTo(expected);
            assertThat(policy.entry(client)).as(origin).isEqualTo(expected);
            String verdict = only && expected.isEmpty()
                    ? "CLIENT_NOT_LISTED"
                    : said(new EgressPolicy(
                                    CATALOG,
                                    expected.map(DrawnClientsTest::rules).orElse(all),
                                    Clients.none())
                            .decide(client, target)
                            .verdict());
            assertThat(said(judgement.verdict())).as(origin).isEqualTo(verdict);
            found.merge(
                    expected.map(entry -> entry.match().getClass().getSimpleName())
                            .orElse("none"),
                    1,
                    Integer::sum);
            found.merge(verdict, 1, Integer::sum);
        }
        assertThat(found.keySet())
                .as("the draws reach far")
                .contains("User", "Certificate", "Source", "none", "permitted", "CLIENT_NOT_LISTED")
                .contains("REGION_NOT_ENABLED", "PURPOSE_NOT_ENABLED", "CONTROL_PLANE_NOT_PINNED", "HOST_NOT_KONNECT");
    }

    /** All that match, the most specific one first; that a list keeps its order decides among equals. */
    private static Optional<ClientEntry> mostSpecific(List<ClientEntry> entries, Client client) {
        return entries.stream()
                .filter(entry -> specificity(entry.match(), client) > 0)
                .sorted(Comparator.comparingInt(entry -> -specificity(entry.match(), client)))
                .findFirst();
    }

    /** 0 where an entry is not for a client. */
    private static int specificity(Match match, Client client) {
        if (match instanceof Match.User user) {
            return client.user().filter(user.name()::equals).isPresent() ? 1000 : 0;
        }
        if (match instanceof Match.Certificate certificate) {
            String wanted = certificate.name().toLowerCase(Locale.ROOT);
            return client.certificateNames().stream()
                            .anyMatch(name -> name.toLowerCase(Locale.ROOT).equals(wanted))
                    ? 500
                    : 0;
        }
        Cidr block = ((Match.Source) match).block();
        String prefix = bits(block.network()).substring(0, block.prefixLength());
        boolean sameFamily = block.network().getAddress().length
                == client.address().getAddress().getAddress().length;
        return sameFamily && bits(client.address().getAddress()).startsWith(prefix) ? 1 + block.prefixLength() : 0;
    }

    private static String bits(InetAddress address) {
        StringBuilder bits = new StringBuilder();
        for (byte each : address.getAddress()) {
            bits.append(Integer.toBinaryString((each & 255) + 256).substring(1));
        }
        return bits.toString();
    }

    private static ClientEntry entry(String name, SplittableRandom random) {
        Match match = switch (random.nextInt(4)) {
            case 0 -> new Match.User(one(USERS, random));
            case 1 -> new Match.Certificate(one(CERTIFICATES, random));
            default -> new Match.Source(Cidr.parse(one(BLOCKS, random)));
        };
        return new ClientEntry(
                name,
                match,
                Set.of(new Region(one(List.of("us", "eu"), random)), new Region("au")),
                Set.of(new Purpose("data-plane"), new Purpose(one(List.of("api", "mcp", "platform"), random))),
                random.nextBoolean()
                        ? Set.of()
                        : Set.of(new TenantLabel(OpenLabel.CONTROL_PLANE, one(List.of("1", "2"), random))));
    }

    private static Client client(SplittableRandom random) {
        String[] names = new String[random.nextInt(3)];
        Arrays.setAll(names, i -> random.nextBoolean() ? one(CERTIFICATES, random) : "other");
        return new Client(
                new InetSocketAddress(address(one(ADDRESSES, random)), 1),
                Optional.empty(),
                random.nextInt(3) == 0 ? Optional.of(one(USERS, random)) : Optional.empty(),
                List.of(names));
    }

    private static String one(List<String> of, SplittableRandom random) {
        return of.get(random.nextInt(of.size()));
    }

    private static InetAddress address(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    private static Rules rules(ClientEntry entry) {
        return new Rules(entry.regions(), entry.purposes(), entry.pins(), List.of(), Mode.ENFORCE);
    }

    private static String said(Verdict verdict) {
        return verdict instanceof Permitted
                ? "permitted"
                : ((Refused) verdict).refusal().name();
    }
}
