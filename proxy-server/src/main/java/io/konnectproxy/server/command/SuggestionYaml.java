package io.konnectproxy.server.command;

import io.konnectproxy.konnect.HostPattern.OpenLabel;
import io.konnectproxy.konnect.TenantLabel;
import io.konnectproxy.policy.ClientEntry.Match;
import io.konnectproxy.suggest.JustifiedUse;
import io.konnectproxy.suggest.SuggestedEntry;
import io.konnectproxy.suggest.SuggestedRules;
import io.konnectproxy.suggest.Suggestion;
import io.konnectproxy.suggest.UnsuggestedRequest;
import io.konnectproxy.suggest.WhyNot;
import io.konnectproxy.trail.event.Micros;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Writes a suggestion as the keys of a configuration, with comments that count. */
final class SuggestionYaml {
    /** The keys that it sets; all others keep their values. */
    static final Set<String> KEYS =
            Set.of("mode", "regions", "purposes", "control-planes", "portals", "tenants", "clients", "clients-only");

    private static final String NOBODYS =
            "nobody's: the purpose is needed for its other hosts, and without a pin those of every tenant would be open";

    private final Suggestion suggestion;
    private final Consumer<String> out;

    /** @param out gets each line */
    SuggestionYaml(Suggestion suggestion, Consumer<String> out) {
        this.suggestion = suggestion;
        this.out = out;
    }

    void write() {
        header();
        suggestion.rules().ifPresent(this::rules);
        requests(
                "Permitted along with the above although nothing came of it: the rules that permit it are needed for others.",
                suggestion.along(),
                suggestion.alongRows());
        requests("Not suggested.", suggestion.unsuggested(), suggestion.unsuggestedRows());
    }

    private void header() {
        comment("Suggested by 'konnect-proxy suggest' from " + count(suggestion.requests(), "request", "requests")
                + suggestion.first().map(first -> ", " + day(first)).orElse("")
                + suggestion.last().map(last -> " to " + day(last)).orElse("") + ".");
        suggestion.doubts().forEach(doubt -> comment("NOT COMPLETE: " + doubt));
        if (suggestion.rules().isEmpty()) {
            comment("Nothing in this trail justifies a rule.");
            return;
        }
        comment(
                "It permits what was used: requests whose tunnel carried bytes back from a host of Konnect. Read it before you");
        comment("use it: whatever somebody used who should not have is in it too. Times are UTC.");
    }

    private void rules(SuggestedRules rules) {
        out.accept("");
        out.accept("mode: enforce");
        out.accept("");
        comment(whose(rules));
        list("regions", rules.regions(), "the key needs a region; no host in it was used");
        list("purposes", rules.purposes(), "");
        for (OpenLabel place : OpenLabel.values()) {
            SortedMap<TenantLabel, JustifiedUse> pins = new TreeMap<>(rules.pins());
            pins.keySet().retainAll(TenantLabel.of(place, rules.pins().keySet()));
            list(place.key(), pins, NOBODYS);
        }
        if (!rules.entries().isEmpty()) {
            out.accept("");
            if (rules.entries().stream().anyMatch(entry -> !(entry.entry().match() instanceof Match.Source))) {
                comment("Users are known at a listener with credentials only, certificates at one with tls.client-ca.");
            }
            out.accept("clients:");
            rules.entries().forEach(this::entry);
        }
        if (rules.only()) {
            out.accept("");
            comment("No rules are enough for more than half of the entries, so whoever has none may reach nothing.");
            out.accept("clients-only: true");
        }
    }

    private static String whose(SuggestedRules rules) {
        if (rules.only()) {
            return "What an entry below leaves out.";
        }
        return rules.entries().isEmpty()
                ? "What " + count(rules.clients(), "client", "clients") + " used."
                : "What is enough for " + number(rules.covered()) + " of " + count(rules.clients(), "client", "clients")
                        + ", and holds for whoever has no entry below.";
    }

    private void list(String key, Map<?, JustifiedUse> values, String without) {
        if (values.isEmpty()) {
            return;
        }
        out.accept(key + ":");
        values.forEach((value, use) -> out.accept(
                "  - " + YamlScalar.of(value.toString()) + "  # " + (use.tunnels() == 0 ? without : use(use))));
    }

    private void entry(SuggestedEntry entry) {
        comment(
                "  ",
                entry.shown().map(shown -> shown + ", " + tunnels(entry.use())).orElseGet(() -> use(entry.use())));
        out.accept("  - name: " + YamlScalar.of(entry.entry().name()));
        out.accept("    " + match(entry.entry().match()));
        if (entry.regionsDiffer()) {
            values("regions", entry.entry().regions());
        }
        if (entry.purposesDiffer()) {
            values("purposes", entry.entry().purposes());
        }
        for (OpenLabel place : OpenLabel.values()) {
            if (entry.pins().containsKey(place)) {
                if (SuggestedEntry.isNobody(entry.pins().get(place))) {
                    comment("    ", NOBODYS);
                }
                values(place.key(), entry.pins().get(place));
            }
        }
    }

    private static String match(Match match) {
        if (match instanceof Match.User user) {
            return "user: " + YamlScalar.of(user.name());
        }
        return match instanceof Match.Certificate certificate
                ? "certificate: " + YamlScalar.of(certificate.name())
                : "source: " + YamlScalar.of(((Match.Source) match).block().toString());
    }

    private void values(String key, Collection<?> values) {
        out.accept("    " + key + ": "
                + values.stream()
                        .map(Object::toString)
                        .sorted()
                        .map(YamlScalar::of)
                        .collect(Collectors.joining(", ", "[", "]")));
    }

    private void requests(String title, List<UnsuggestedRequest> requests, long rows) {
        if (requests.isEmpty()) {
            return;
        }
        out.accept("");
        comment(title);
        Arrays.stream(WhyNot.values()).forEach(why -> {
            List<UnsuggestedRequest> these =
                    requests.stream().filter(request -> request.why() == why).toList();
            if (!these.isEmpty()) {
                comment("  " + why.words() + ":");
                these.forEach(request -> comment(String.format(Locale.ROOT, "%,9d  ", request.count())
                        + request.target() + " by " + request.client() + ": " + request.detail() + ", last "
                        + day(request.last())));
            }
        });
        if (rows > requests.size()) {
            comment("  and " + number(rows - requests.size()) + " more of this kind, each with fewer requests");
        }
    }

    private void comment(String text) {
        comment("", text);
    }

    /** All text of a trail in it has been escaped, so that it is one line. */
    private void comment(String indent, String text) {
        out.accept(indent + "# " + text);
    }

    private static String use(JustifiedUse use) {
        return count(use.tunnels(), "tunnel", "tunnels") + " of " + count(use.clients(), "client", "clients")
                + ", last " + day(use.last());
    }

    private static String tunnels(JustifiedUse use) {
        return count(use.tunnels(), "tunnel", "tunnels") + ", last " + day(use.last());
    }

    private static String count(long number, String one, String many) {
        return number(number) + " " + (number == 1 ? one : many);
    }

    private static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    private static String day(long micros) {
        return Micros.text(micros).substring(0, "2026-11-28".length());
    }
}
