package io.konnectproxy.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.konnectproxy.address.Cidr;
import io.konnectproxy.konnect.Purpose;
import io.konnectproxy.konnect.Region;
import io.konnectproxy.konnect.SmallCatalog;
import io.konnectproxy.policy.ClientEntry.Match;
import io.konnectproxy.policy.EgressPolicy.Clients;
import io.konnectproxy.policy.EgressPolicy.Mode;
import io.konnectproxy.policy.EgressPolicy.Rules;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which entry is for whom. */
class ClientEntriesTest {
    private static final EgressPolicy POLICY = policy(
            entry("wide", source("10.0.0.0/8")),
            entry("user", new Match.User("dp-payments")),
            entry("narrow", source("10.1.0.0/16")),
            entry("narrow-too", source("10.1.0.0/16")),
            entry("machine", source("10.1.2.3/32")),
            entry("user-again", new Match.User("dp-payments")),
            entry("capitals", new Match.User("DP-Payments")),
            entry("certificate", new Match.Certificate("Payments.Corp")),
            entry("other-certificate", new Match.Certificate("other.corp")),
            entry("alphabet", new Match.Certificate("az.AZ")),
            entry("certificate-again", new Match.Certificate("payments.corp")),
            entry("common-name", new Match.Certificate("K\u00f6ln payments, 2")),
            entry("six", source("fd00::/8")),
            entry("six-machine", source("fd00::7/128")));

    @ParameterizedTest(name = "{0}: {4}")
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
        nobody we know                            | -            | -                         | 192.0.2.1      | -
        a user                                    | dp-payments  | -                         | 192.0.2.1      | user
        a user in capitals is another             | DP-Payments  | -                         | 192.0.2.1      | capitals
        a user in other capitals is nobody        | DP-PAYMENTS  | -                         | 192.0.2.1      | -
        a user with a space behind the name       | 'dp-payments '| -                        | 192.0.2.1      | -
        part of a user                            | dp-payment   | -                         | 192.0.2.1      | -
        an empty user                             | ''           | -                         | 192.0.2.1      | -
        a user before its certificate             | dp-payments  | other.corp                | 10.1.2.3       | user
        a certificate before the address          | -            | other.corp                | 10.1.2.3       | other-certificate
        a user without entry, by its certificate  | somebody     | other.corp                | 10.1.2.3       | other-certificate
        a user without entry, by its address      | somebody     | -                         | 10.1.2.3       | machine
        a certificate without entry, by address   | -            | nobody.corp               | 10.1.2.3       | machine
        a certificate in capitals                 | -            | OTHER.CORP                | 192.0.2.1      | other-certificate
        letter case from A to Z                   | -            | AZ.az                     | 192.0.2.1      | alphabet
        an entry in capitals                      | -            | payments.corp             | 192.0.2.1      | certificate
        a second name of the certificate          | -            | nobody.corp;other.corp    | 192.0.2.1      | other-certificate
        of two names, the entry that stands first | -            | other.corp;payments.corp  | 192.0.2.1      | certificate
        a name that is no name of DNS             | -            | k\u00f6ln PAYMENTS, 2     | 192.0.2.1      | common-name
        no letters fold but those of ASCII        | -            | K\u00d6LN payments, 2     | 192.0.2.1      | -
        the Kelvin sign is no K                   | -            | \u212a\u00f6ln payments, 2 | 192.0.2.1     | -
        a name below                              | -            | a.other.corp              | 192.0.2.1      | -
        a name with more behind it                | -            | other.corp.evil.com       | 192.0.2.1      | -
        a wildcard certificate is a name as any   | -            | *.corp                    | 192.0.2.1      | -
        a user's name in a certificate            | -            | dp-payments               | 192.0.2.1      | -
        a certificate's name as a user            | other.corp   | -                         | 192.0.2.1      | -
        the one block                             | -            | -                         | 10.2.0.1       | wide
        the longer prefix, though it stands later | -            | -                         | 10.1.0.1       | narrow
        the longest                               | -            | -                         | 10.1.2.3       | machine
        beside the longest                        | -            | -                         | 10.1.2.4       | narrow
        beside all                                | -            | -                         | 11.0.0.1       | -
        IPv6                                      | -            | -                         | fd12::1        | six
        the longest of IPv6                       | -            | -                         | fd00::7        | six-machine
        IPv6 beside all                           | -            | -                         | 2001:db8::1    | -
        IPv4 in the tail of IPv6 is not IPv4      | -            | -                         | 64:ff9b::a01:203 | -
        """)
    void finds_the_most_specific(String what, String user, String certificate, String address, String expected) {
        List<String> names = certificate == null ? List.of() : Arrays.asList(certificate.split(";"));
        Client client = new Client(endpoint(address), Optional.empty(), Optional.ofNullable(user), names);

        assertThat(POLICY.entry(client).map(ClientEntry::name)).as(what).isEqualTo(Optional.ofNullable(expected));
    }

    @Test
    void an_ipv4_mapped_address_is_the_ipv4_address() throws UnknownHostException {
        byte[] bytes = new byte[16];
        bytes[10] = bytes[11] = -1;
        System.arraycopy(new byte[] {10, 1, 2, 3}, 0, bytes, 12, 4);
        InetAddress mapped = Inet6Address.getByAddress(null, bytes, -1);
        assertThat(mapped.getAddress()).as("the JDK has not unwrapped it").hasSize(16);

        assertThat(POLICY.entry(new Client(new InetSocketAddress(mapped, 1))).map(ClientEntry::name))
                .contains("machine");
    }

    @Test
    void the_peer_and_the_port_have_no_say() {
        Client client =
                new Client(endpoint("192.0.2.1"), Optional.of(endpoint("10.1.2.3")), Optional.empty(), List.of());

        assertThat(POLICY.entry(client)).isEmpty();
    }

    @Test
    void a_block_of_everything_is_for_its_own_family_only() {
        EgressPolicy policy = policy(entry("four", source("0.0.0.0/0")));

        assertThat(policy.entry(new Client(endpoint("192.0.2.1")))).isPresent();
        assertThat(policy.entry(new Client(endpoint("2001:db8::1")))).isEmpty();
    }

    @Test
    void whoever_has_no_address_is_in_no_block() {
        EgressPolicy policy = policy(entry("four", source("0.0.0.0/0")), entry("six", source("::/0")));

        assertThat(policy.entry(new Client(InetSocketAddress.createUnresolved("10.0.0.1", 1))))
                .isEmpty();
    }

    private static EgressPolicy policy(ClientEntry... entries) {
        Rules rules = new Rules(Set.of(new Region("us")), Set.of(), Set.of(), List.of(), Mode.ENFORCE);
        return new EgressPolicy(SmallCatalog.create(), rules, new Clients(List.of(entries), false));
    }

    private static ClientEntry entry(String name, Match match) {
        return new ClientEntry(name, match, Set.of(new Region("eu")), Set.of(new Purpose("api")), Set.of());
    }

    private static Match source(String block) {
        return new Match.Source(Cidr.parse(block));
    }

    private static InetSocketAddress endpoint(String address) {
        try {
            return new InetSocketAddress(InetAddress.getByName(address), 51234);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(address, e);
        }
    }
}
