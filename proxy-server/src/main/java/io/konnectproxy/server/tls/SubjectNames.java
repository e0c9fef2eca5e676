package io.konnectproxy.server.tls;

import io.konnectproxy.address.AddressText;
import io.konnectproxy.target.HostName;
import io.konnectproxy.target.HostNameReading;
import io.netty.util.NetUtil;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;

/**
 * The names of a server's certificate, in the forms that clients compare.
 *
 * @param hosts DNS names, in lower case
 * @param addresses IP addresses in their canonical form
 */
public record SubjectNames(List<String> hosts, List<String> addresses) {
    public SubjectNames {
        hosts = List.copyOf(hosts);
        addresses = List.copyOf(addresses);
    }

    /**
     * Parses host names and IP addresses.
     *
     * @throws IllegalArgumentException if a text is neither; a sentence
     */
    public static SubjectNames parse(List<String> texts) {
        List<String> hosts = new ArrayList<>();
        List<String> addresses = new ArrayList<>();
        for (String text : texts) {
            Optional<String> address = address(text);
            if (address.isPresent()) {
                addresses.add(address.get());
            } else {
                hosts.add(host(text));
            }
        }
        return new SubjectNames(
                hosts.stream().distinct().toList(),
                addresses.stream().distinct().toList());
    }

    /** The names of a certificate, also of one that is not valid any more. */
    static SubjectNames of(X509Certificate certificate) {
        return new SubjectNames(
                CertificateNames.alternatives(certificate, CertificateNames.DNS),
                CertificateNames.alternatives(certificate, CertificateNames.IP).stream()
                        .flatMap(text -> address(text).stream())
                        .toList());
    }

    /** These names, and behind them those of others that are not among them. */
    public SubjectNames with(SubjectNames others) {
        return new SubjectNames(
                Stream.concat(hosts.stream(), others.hosts.stream()).distinct().toList(),
                Stream.concat(addresses.stream(), others.addresses.stream())
                        .distinct()
                        .toList());
    }

    private static Optional<String> address(String text) {
        return AddressText.read(text).map(AddressText::address).map(NetUtil::toAddressString);
    }

    private static String host(String text) {
        HostNameReading reading = HostName.read(text);
        if (reading instanceof HostName name && !endsInNumber(name)) {
            return name.toString();
        }
        throw new IllegalArgumentException(
                "'" + text
                        + "' is neither a host name nor an IP address; write it as in proxy.corp or 10.0.0.5, without scheme, port or brackets.");
    }

    /** Whether some clients would parse the name as an IPv4 address in another notation. */
    private static boolean endsInNumber(HostName name) {
        return name.labels().get(name.labels().size() - 1).matches("\\d+|0x.*");
    }

    /** All names; the first one becomes the common name. */
    public List<String> all() {
        return Stream.concat(hosts.stream(), addresses.stream()).toList();
    }

    GeneralNames alternativeNames() {
        return new GeneralNames(Stream.concat(
                        hosts.stream().map(host -> new GeneralName(GeneralName.dNSName, host)),
                        addresses.stream()
                                .map(address -> new GeneralName(
                                        GeneralName.iPAddress,
                                        new DEROctetString(NetUtil.createByteArrayFromIpAddressString(address)))))
                .toArray(GeneralName[]::new));
    }
}
