package io.konnectproxy.server.command;

import io.konnectproxy.server.tls.IssuedCertificate;
import io.konnectproxy.server.tls.PrivateCa;
import io.konnectproxy.server.tls.SubjectNames;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The output of {@code certificate}: the files, and the settings of the proxy and of clients that use and trust them.
 */
final class CertificateAdvice {
    private static final int PORT = 3129;

    private final PrintWriter out;
    private final CertificateDirectory files;

    CertificateAdvice(PrintWriter out, CertificateDirectory files) {
        this.out = out;
        this.files = files;
    }

    void authority(PrivateCa ca, boolean isNew) {
        out.println("Authority:    " + files.trust() + (isNew ? " (new)" : " (used again)") + ", valid until "
                + ca.own().notAfter() + "; clients trust it.");
        out.println("Its key:      " + files.trustKey()
                + "; the proxy does not need it. Whoever has it can pretend to be any server, Konnect too, to those who"
                + " trust the authority: keep it elsewhere.");
    }

    void listener(SubjectNames names, IssuedCertificate issued, boolean demandsCertificates) {
        Path certificate = files.certificate(CertificateDirectory.LISTENER);
        Path key = files.key(CertificateDirectory.LISTENER);
        out.println("Certificate:  " + certificate + " for " + String.join(", ", names.all()) + ", valid until "
                + issued.notAfter() + ".");
        out.println(
                "Private key:  " + key + "; give it to the user that the proxy runs as, in the container 10001. Who it"
                        + " belongs to, and its mode, stay so when it is renewed.");
        out.println();
        out.println("In the configuration:");
        out.println("listen:");
        out.println("  - address: 0.0.0.0:" + PORT);
        out.println("    tls: { certificate: " + certificate + ", key: " + key
                + (demandsCertificates ? ", client-ca: " + files.trust() : "") + " }");
        kong(names);
        others(names);
    }

    /** Kong passes the proxy's name to nginx, which compares it with DNS names only, not with IP addresses. */
    private void kong(SubjectNames names) {
        out.println();
        if (names.hosts().isEmpty()) {
            out.println("Kong cannot verify a proxy that it addresses by its IP address: give a host name too.");
            return;
        }
        out.println("In kong.conf, without quotes:");
        out.println("proxy_server = https://" + names.hosts().get(0) + ":" + PORT);
        out.println("proxy_server_ssl_verify = on");
        out.println("cluster_use_proxy = on");
        out.println("lua_ssl_trusted_certificate = system,"
                + files.trust().toAbsolutePath().normalize());
        out.println("(the path is that of the file at Kong; 'system' keeps the authorities that Konnect needs)");
        if (!names.addresses().isEmpty()) {
            out.println("Kong cannot verify the proxy by its IP address; the host name must resolve where Kong runs.");
        }
    }

    private void others(SubjectNames names) {
        String host = names.all().get(0);
        String proxy = "https://" + (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + PORT;
        out.println();
        out.println("To try it:");
        out.println("curl --proxy " + proxy + " --proxy-cacert " + files.trust() + " https://us.api.konghq.com/");
        out.println();
        out.println("decK, Kong Ingress Controller, Kong Operator, Terraform and kongctl, on Linux:");
        out.println("HTTPS_PROXY=" + proxy);
        out.println("SSL_CERT_FILE=" + files.trust().toAbsolutePath().normalize());
        out.println("(beside it they trust what is in the system's directory of certificates)");
        out.println();
        out.println("Kong Mesh cannot speak TLS to a proxy; it needs a plain listener.");
    }

    /** Names the host names that were kept from the certificate before. */
    void kept(SubjectNames asked, SubjectNames all) {
        List<String> kept = new ArrayList<>(all.all());
        kept.removeAll(asked.all());
        if (!kept.isEmpty()) {
            out.println();
            out.println(
                    "Kept from the certificate before: " + String.join(", ", kept) + ". To leave a name out, remove "
                            + files.certificate(CertificateDirectory.LISTENER) + " first and name all others.");
        }
    }

    void client(String name, IssuedCertificate issued) {
        Path certificate = files.certificate(CertificateDirectory.client(name));
        Path key = files.key(CertificateDirectory.client(name));
        out.println();
        out.println("Client:       " + certificate + " for " + name + ", valid until " + issued.notAfter() + ".");
        out.println("Private key:  " + key + "; keep it where only the client can read it.");
        out.println();
        out.println("Where the listener has client-ca: " + files.trust() + ", the client shows it with:");
        out.println("curl --proxy-cert " + certificate + " --proxy-key " + key + " ...");
        out.println("Kong has no certificate for a proxy: it needs a listener without client-ca.");
    }
}
