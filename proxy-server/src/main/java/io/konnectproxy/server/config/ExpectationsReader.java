package io.konnectproxy.server.config;

import io.konnectproxy.address.AddressText;
import io.konnectproxy.policy.Refusal;
import io.konnectproxy.server.credentials.UserName;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads a file of expectations, a list of mappings. It is as strict as the configuration's reader. */
public final class ExpectationsReader {
    private static final String EXAMPLE = "[{connect: cloud.konghq.com:443, expect: permitted}]";
    private static final Pattern NUMBER = Pattern.compile("[0-9]+");
    private static final Pattern INDEX = Pattern.compile("0|[1-9][0-9]{0,8}");

    /** The refusals that are certain before anything is dialled: those of the policy, and those of a listener's demands. */
    private static final Set<Refusal> EXPECTED = Stream.concat(
                    Stream.of(Refusal.MALFORMED_REQUEST, Refusal.TLS_HANDSHAKE_FAILED),
                    EnumSet.range(Refusal.IP_LITERAL, Refusal.CREDENTIALS_INVALID).stream())
            .collect(Collectors.toCollection(() -> EnumSet.noneOf(Refusal.class)));

    private final OptionalInt listeners;

    private ExpectationsReader(OptionalInt listeners) {
        this.listeners = listeners;
    }

    /**
     * Reads the expectations, at least one.
     *
     * @param listeners how many the configuration has; empty if that is not known
     * @throws ConfigurationException with all problems
     */
    public static List<Expectation> read(Path file, OptionalInt listeners) throws ConfigurationException {
        Problems problems = new Problems();
        List<Expectation> expectations = TextFile.read(file, "name another with --tests FILE", problems)
                .flatMap(text -> YamlDocument.read(Problems.printable(file.toString()), text, problems))
                .map(root -> new ExpectationsReader(listeners).read(root, problems))
                .orElse(List.of());
        if (!problems.none()) {
            throw new ConfigurationException(problems);
        }
        return expectations;
    }

    private List<Expectation> read(YamlValue root, Problems problems) {
        Optional<List<YamlValue>> items = root.isNothing() ? Optional.of(List.of()) : root.items();
        if (items.isEmpty()) {
            problems.add(root.place(), "", "expected a list, like " + EXAMPLE + ", found " + root.kind());
            return List.of();
        }
        if (items.get().isEmpty()) {
            problems.add(
                    root.place(), "", "no expectation stands here, which proves nothing; write one, like " + EXAMPLE);
        }
        return ConfigurationSection.each(
                new ConfigurationSection.ReadingContext(Environment.none(), problems, new HashMap<>(), new HashSet<>()),
                items.get(),
                this::expectation);
    }

    private Optional<Expectation> expectation(ConfigurationSection section) {
        Optional<String> connect = section.required("connect", ExpectationsReader::target);
        Optional<String> user = section.given("user", ExpectationsReader::user);
        Optional<InetAddress> client = section.given("client", ExpectationsReader::address);
        List<String> certificate = section.list("certificate", name -> name).orElse(List.of());
        OptionalInt listener =
                section.given("listener", this::listener).map(OptionalInt::of).orElse(OptionalInt.empty());
        Optional<Optional<Refusal>> expected = section.required("expect", ExpectationsReader::verdict);
        return connect.flatMap(target -> expected.map(
                verdict -> new Expectation(section.place(), target, user, client, certificate, listener, verdict)));
    }

    /** A number is what a port alone, or a key with a value that was lost, looks like. */
    private static String target(String text) {
        if (NUMBER.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "is a number; write what a client sends behind CONNECT, like cloud.konghq.com:443");
        }
        return text;
    }

    private static String user(String text) {
        UserName.problem(text).ifPresent(problem -> {
            throw new IllegalArgumentException("is no name of a user: it " + problem);
        });
        return text;
    }

    private static InetAddress address(String text) {
        return AddressText.read(text)
                .map(AddressText::address)
                .orElseThrow(() -> new IllegalArgumentException("is no IP address"));
    }

    private int listener(String text) {
        if (!INDEX.matcher(text).matches()) {
            throw new IllegalArgumentException("must be the number of an entry of 'listen', counted from 0");
        }
        int index = Integer.parseInt(text);
        if (listeners.isPresent() && index >= listeners.getAsInt()) {
            int last = listeners.getAsInt() - 1;
            throw new IllegalArgumentException(
                    "is no entry of 'listen', which has " + (last == 0 ? "only 0" : "0 to " + last));
        }
        return index;
    }

    private static Optional<Refusal> verdict(String text) {
        if (text.equals(Expectation.PERMITTED)) {
            return Optional.empty();
        }
        return Optional.of(EXPECTED.stream()
                .filter(refusal -> refusal.token().equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(unknown(text))));
    }

    private static String unknown(String text) {
        boolean known =
                Stream.of(Refusal.values()).anyMatch(refusal -> refusal.token().equals(text));
        List<String> tokens = new ArrayList<>(List.of(Expectation.PERMITTED));
        EXPECTED.forEach(refusal -> tokens.add(refusal.token()));
        return (known ? "happens to connections of a running proxy only" : "is not known")
                + Spelling.hint(text, tokens);
    }
}
