package io.konnectproxy.server.doctor;

import io.konnectproxy.address.AddressText;
import io.konnectproxy.address.CheckedAddress;
import io.konnectproxy.server.doctor.Diagnosis.Doubtful;
import io.konnectproxy.server.doctor.Diagnosis.Failing;
import io.konnectproxy.server.doctor.Diagnosis.Fine;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Connections to all addresses of a host: a firewall that drops, one that rejects, and a family that leads nowhere. */
final class TcpStep {
    private static final int MOST_ADDRESSES = 8;

    private final Examination examination;

    TcpStep(Examination examination) {
        this.examination = examination;
    }

    /** What became of one connection. */
    private enum Contact {
        CONNECTED("answers"),
        /** A reset, or an ICMP message that the system makes the same of. */
        REJECTED("is refused"),
        /** An ICMP message, or no route. */
        UNREACHABLE("is unreachable"),
        SILENT("is silent"),
        /** Told by this machine itself. */
        FORBIDDEN("is forbidden by this machine");

        private final String words;

        Contact(String words) {
            this.words = words;
        }
    }

    private record Tried(CheckedAddress address, Contact contact) {
        String text() {
            return TcpStep.text(address) + " " + contact.words;
        }

        boolean isIpv6() {
            return address.address().getAddress() instanceof Inet6Address;
        }
    }

    /** The first address that answers, in the order in which the proxy tries them. */
    Optional<CheckedAddress> run(String host, List<CheckedAddress> all) {
        List<CheckedAddress> addresses = all.subList(0, Math.min(all.size(), MOST_ADDRESSES));
        List<Tried> tried = new ArrayList<>();
        examination.examine(
                DoctorStep.TCP,
                Optional.of(host),
                "A connection to port 443 of "
                        + addresses.stream().map(TcpStep::text).collect(Collectors.joining(", ")),
                () -> {
                    List<Supplier<Tried>> questions = new ArrayList<>();
                    addresses.forEach(address -> questions.add(() -> tried(address)));
                    tried.addAll(examination.together(questions));
                    return diagnose(tried);
                });
        return tried.stream()
                .filter(each -> each.contact == Contact.CONNECTED)
                .map(Tried::address)
                .findFirst();
    }

    private Tried tried(CheckedAddress address) {
        try (Socket socket = open(address)) {
            return new Tried(address, socket.isConnected() ? Contact.CONNECTED : Contact.SILENT);
        } catch (IOException e) {
            return new Tried(address, contact(e));
        }
    }

    /** A connection as the proxy makes it. */
    Socket open(CheckedAddress address) throws IOException {
        InetSocketAddress to = examination.surroundings().redirect().apply(address.address());
        Socket socket = new Socket();
        try {
            if (examination.egress().sourceAddress().isPresent()) {
                socket.bind(new InetSocketAddress(
                        examination.egress().sourceAddress().get(), 0));
            }
            socket.connect(to, examination.patience().connectMillis());
            socket.setSoTimeout(examination.patience().answerMillis());
            return examination.watched(socket);
        } catch (IOException e) {
            Watchdog.close(socket);
            throw e;
        }
    }

    private static Contact contact(IOException problem) {
        String message = String.valueOf(problem.getMessage()).toLowerCase(Locale.ROOT);
        if (problem instanceof SocketTimeoutException || message.contains("timed out")) {
            return Contact.SILENT;
        }
        if (problem instanceof NoRouteToHostException || message.contains("unreachable")) {
            return Contact.UNREACHABLE;
        }
        return message.contains("permission denied") || message.contains("not permitted")
                ? Contact.FORBIDDEN
                : Contact.REJECTED;
    }

    private static Diagnosis diagnose(List<Tried> tried) {
        List<Tried> failed =
                tried.stream().filter(each -> each.contact != Contact.CONNECTED).toList();
        String came = tried.stream().map(Tried::text).collect(Collectors.joining(", ")) + ".";
        if (failed.isEmpty()) {
            return new Fine(came);
        }
        if (failed.size() == tried.size()) {
            // That IPv6 has no route says nothing of the firewall that IPv4 meets.
            List<Tried> ipv4 = tried.stream().filter(each -> !each.isIpv6()).toList();
            return allFailed(ipv4.isEmpty() ? tried : ipv4, came);
        }
        if (failed.stream().allMatch(Tried::isIpv6)
                && tried.stream().filter(Tried::isIpv6).count() == failed.size()) {
            return new Doubtful(
                    came + " IPv6 leads nowhere from here, and IPv4 works.",
                    "Set dns.family to ipv4-only, or have IPv6 routed.");
        }
        return new Doubtful(
                came + " The proxy tries the next address after one of these, which takes time.",
                "Have port 443 opened to all addresses of the host; they change, so permit it by name.");
    }

    private static Diagnosis allFailed(List<Tried> tried, String came) {
        if (all(tried, Contact.SILENT::equals)) {
            return new Failing(
                    came + " A firewall drops what is sent there, and tells nobody.",
                    "Ask for port 443 to be opened; 'konnect-proxy hosts' lists to where.");
        }
        if (all(tried, Contact.REJECTED::equals)) {
            return new Failing(
                    came + " A firewall rejects the connection, or nothing listens there.",
                    "Ask for port 443 to be opened; 'konnect-proxy hosts' lists to where. If only a proxy leads out, name it"
                            + " under parents.");
        }
        if (all(tried, Contact.FORBIDDEN::equals)) {
            return new Failing(
                    came + " A route or a filter of this machine forbids it.",
                    "Look at this machine's own firewall and routes: nft list ruleset, ip route.");
        }
        if (all(tried, Contact.UNREACHABLE::equals)) {
            return new Failing(
                    came + " There is no route, or a firewall rejects with ICMP.",
                    "Check the default route (ip route). If it is there, ask for port 443 to be opened.");
        }
        return new Failing(
                came + " No address can be reached.",
                "Ask for port 443 to be opened; 'konnect-proxy hosts' lists to where.");
    }

    private static boolean all(List<Tried> tried, Predicate<Contact> what) {
        return tried.stream().map(Tried::contact).allMatch(what);
    }

    static String text(CheckedAddress address) {
        return AddressText.of(address.address().getAddress());
    }
}
