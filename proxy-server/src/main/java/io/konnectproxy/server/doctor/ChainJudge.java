package io.konnectproxy.server.doctor;

import io.konnectproxy.policy.Rule;
import io.konnectproxy.server.doctor.Diagnosis.Doubtful;
import io.konnectproxy.server.doctor.Diagnosis.Failing;
import io.konnectproxy.server.doctor.Diagnosis.Fine;
import io.konnectproxy.server.tls.Authorities;
import io.konnectproxy.server.tls.Authorities.Voucher;
import io.konnectproxy.server.tls.Authorities.Voucher.PrivateAuthority;
import io.konnectproxy.server.tls.Authorities.Voucher.PublicAuthority;
import io.konnectproxy.server.tls.SentChain;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.stream.Collectors;

/**
 * Judges who has answered for a host of Konnect. Kong documents no authority of Konnect's by its name, but that data planes
 * trust it with {@code lua_ssl_trusted_certificate = system}: kong.conf's {@code cluster_ca_cert}, "issued by a well known CA",
 * and the command that Konnect shows for a data plane; read on 2026-11-29. So the authority must be a public one.
 */
final class ChainJudge {
    static final String EXPECTED = "Konnect's hosts have certificates of public authorities.";
    private static final int MOST_NAMES = 3;

    private final Authorities authorities;
    private final Instant now;

    ChainJudge(Authorities authorities, Instant now) {
        this.authorities = authorities;
        this.now = now;
    }

    Diagnosis judge(SentChain chain, String host, Rule rule) {
        Voucher voucher = authorities.voucher(chain.certificates());
        if (!chain.isFor(host)) {
            return new Failing(
                    "The certificate is for " + names(chain) + " and not for " + host + "; it was issued by '"
                            + issuer(chain) + "'. Something else answers in Konnect's place.",
                    "Look for a captive portal or a web filter on the way: sign in there, or have this host exempted.");
        }
        if (!(voucher instanceof PublicAuthority) && rule instanceof Rule.ExtraHostRule) {
            return ownHost(chain, voucher);
        }
        if (voucher instanceof PrivateAuthority known) {
            return intercepted("TLS is intercepted: the certificate was issued by '" + issuer(chain) + "', whose root '"
                    + known.name() + "' this machine trusts, but which is no public authority. " + EXPECTED);
        }
        if (!(voucher instanceof PublicAuthority known)) {
            return intercepted("TLS is intercepted: the certificate was issued by '" + issuer(chain)
                    + "', for whom no public authority vouches. " + EXPECTED);
        }
        return valid(chain, "Issued by '" + issuer(chain) + "' of the public authority '" + known.name() + "'");
    }

    private static Diagnosis intercepted(String came) {
        return new Failing(
                came,
                "Have konghq.com exempted from TLS inspection. A data plane does not connect through it: its client"
                        + " certificate does not get to Konnect.");
    }

    private Diagnosis ownHost(SentChain chain, Voucher voucher) {
        return voucher instanceof PrivateAuthority known
                ? valid(chain, "Issued by '" + issuer(chain) + "' of the private authority '" + known.name() + "'")
                : new Doubtful(
                        "Issued by '" + issuer(chain) + "', which this machine does not know.",
                        "Compare the issuer with that of the server. Its clients must trust it.");
    }

    private Diagnosis valid(SentChain chain, String issued) {
        if (now.isBefore(chain.notBefore())) {
            return new Failing(
                    issued + ", but not valid before " + day(chain.notBefore()) + "; this machine's clock says "
                            + day(now) + ".",
                    "Set this machine's clock.");
        }
        if (now.isAfter(chain.notAfter())) {
            return new Failing(
                    issued + ", but expired at " + day(chain.notAfter()) + "; this machine's clock says " + day(now)
                            + ".",
                    "Compare this machine's clock with another one. If it is right, tell Kong of the certificate.");
        }
        return new Fine(issued + ", valid until " + day(chain.notAfter()) + ".");
    }

    private static String day(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private static String issuer(SentChain chain) {
        return StepReport.ofPeer(chain.issuer());
    }

    private static String names(SentChain chain) {
        int all = chain.names().size();
        if (all == 0) {
            return "no DNS name";
        }
        return chain.names().stream().limit(MOST_NAMES).map(StepReport::ofPeer).collect(Collectors.joining(", "))
                + (all > MOST_NAMES ? " and " + (all - MOST_NAMES) + " more" : "");
    }
}
