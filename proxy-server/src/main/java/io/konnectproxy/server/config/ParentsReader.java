package io.konnectproxy.server.config;

import io.konnectproxy.address.AddressCheck;
import io.konnectproxy.address.Cidr;
import io.konnectproxy.keys.Secret;
import io.konnectproxy.keys.TrustedCertificates;
import io.konnectproxy.konnect.Purpose;
import io.konnectproxy.server.config.Configuration.Dns.AddressFamily;
import io.konnectproxy.server.config.Configuration.Parent;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads {@code parents}. A URL, or text in the place of a file name, may contain a password, so problems show neither. One
 * instance a pass.
 */
final class ParentsReader {
    private static final List<Cidr> ANYWHERE = List.of(Cidr.parse("0.0.0.0/0"), Cidr.parse("::/0"));

    private final AddressCheck places;
    private final AddressFamily family;
    private final Optional<Set<Purpose>> enabled;
    private final List<Parent> earlier = new ArrayList<>();

    private ParentsReader(AddressCheck places, AddressFamily family, Optional<Set<Purpose>> enabled) {
        this.places = places;
        this.family = family;
        this.enabled = enabled;
    }

    /**
     * @param own the addresses that this proxy listens on
     * @param family of the addresses that are dialled
     * @param enabled purposes that at least one rule set has; empty if they are not known
     */
    static List<Parent> read(
            ConfigurationSection top,
            Set<InetSocketAddress> own,
            AddressFamily family,
            Optional<Set<Purpose>> enabled) {
        ParentsReader reader = new ParentsReader(new AddressCheck(ANYWHERE, Set.of(), own), family, enabled);
        top.refuseBlankVariable("parents");
        return top.sections("parents", Optional.of("url"), reader::parent).orElse(List.of());
    }

    private Optional<Parent> parent(ConfigurationSection section) {
        section.confidential();
        Optional<ParentUrl> url = section.required("url", RedactedException.hiding("the URL", ParentUrl::parse));
        Optional<Secret> credentials = section.optional(
                "credentials-file",
                Optional.empty(),
                section.content(
                        NamedFile.password().andThen(RedactedException.hiding("the file", ParentCredentials::ofFile))));
        Parent.Resolving dns = section.value("dns", Parent.Resolving.LOCAL, Values.choice(Parent.Resolving.class));
        Optional<TrustedCertificates> trust =
                section.demand("trust", section.content(file -> TrustedCertificates.read(Values.path(file))));
        Set<Purpose> purposes = purposes(section);
        url.ifPresent(present -> {
            requirePlace(section, present);
            if (!present.tls() && trust.isPresent()) {
                section.problem("trust", "there are no certificates without TLS; take https, or leave 'trust' out");
            }
            if (present.credentials().isPresent() && credentials.isPresent()) {
                section.problem("credentials-file", "the URL has a user and a password already; keep one of the two");
            }
        });
        if (url.isEmpty() || !section.isSound()) {
            return Optional.empty();
        }
        ParentUrl complete = credentials.map(url.get()::with).orElse(url.get());
        Parent parent = new Parent(complete, dns, trust, purposes);
        if (earlier.stream().anyMatch(other -> isTheSame(other, parent))) {
            section.problem("url", "an earlier parent is at " + complete + " for the same hosts; keep one of the two");
        }
        earlier.add(parent);
        return Optional.of(parent);
    }

    private Set<Purpose> purposes(ConfigurationSection section) {
        Optional<List<Purpose>> named = section.list("purposes", Values.parsed(Purpose::new));
        if (named.filter(List::isEmpty).isPresent()) {
            section.problem("purposes", "at least one purpose must be named; leave the key out for all hosts");
        }
        enabled.ifPresent(known -> named.orElse(List.of()).stream()
                .filter(purpose -> !known.contains(purpose))
                .forEach(purpose -> section.problem(
                        "purposes",
                        "nobody may reach hosts of '" + purpose
                                + "', so the parent is for nothing there; permitted are " + Values.joined(known))));
        return Set.copyOf(named.orElse(List.of()));
    }

    /** Rejects addresses that are never dialled, cloud metadata services among them, and this proxy's own. */
    private void requirePlace(ConfigurationSection section, ParentUrl url) {
        Optional<InetAddress> address = url.address();
        if (address.isPresent()
                && places.check(address.get(), url.port()) instanceof AddressCheck.Forbidden forbidden) {
            section.problem("url", "no parent can be there: the URL's address is " + forbidden.range());
        }
        // The hosts file decides which family 'localhost' has.
        address.filter(literal -> !url.host().equals("localhost"))
                .filter(literal ->
                        family == (SourceAddress.isIpv4(literal) ? AddressFamily.IPV6_ONLY : AddressFamily.IPV4_ONLY))
                .ifPresent(literal -> section.problem(
                        "url",
                        "an " + SourceAddress.familyOf(literal) + " address is never dialled while dns.family is "
                                + Values.name(family) + "; change one of them"));
    }

    private static boolean isTheSame(Parent a, Parent b) {
        return a.url().isAtThePlaceOf(b.url())
                && (a.purposes().isEmpty()
                        || b.purposes().isEmpty()
                        || !Collections.disjoint(a.purposes(), b.purposes()));
    }
}
