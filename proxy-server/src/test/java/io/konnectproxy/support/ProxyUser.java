package io.konnectproxy.support;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.Authenticator;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PasswordAuthentication;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import okhttp3.Credentials;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/** Real clients, each told of a proxy in its own way. What they get is {@code served}, or {@code 407}. */
public enum ProxyUser {
    /** The exact bytes of a data plane, and its WebSocket. */
    KONG {
        @Override
        public String get(Settings proxy) throws Exception {
            KongClient bare = switch (proxy.security) {
                case PLAIN -> KongClient.http(proxy.address);
                case TLS -> KongClient.httpsUnverified(proxy.address, proxy.name);
                case TLS_VERIFIED -> KongClient.https(proxy.address, proxy.name, proxy.trust());
            };
            KongClient kong = proxy.login
                    .map(login -> bare.as(login.user, login.password))
                    .orElse(bare);
            try (KongClient.Channel channel = kong.connect(Rig.HOST)) {
                String pong = channel.secure(Rig.CA.clientContext()).upgrade().ping("served");
                return pong;
            } catch (KongClient.Refused refused) {
                return Integer.toString(refused.status());
            }
        }
    },

    OKHTTP {
        @Override
        public String get(Settings proxy) throws Exception {
            OkHttpClient.Builder builder = new OkHttpClient.Builder()
                    .proxy(new Proxy(Proxy.Type.HTTP, proxy.address))
                    .sslSocketFactory(Rig.CA.clientContext().getSocketFactory(), Rig.trustManager());
            if (proxy.security != Security.PLAIN) {
                builder.socketFactory(new TlsToProxy(proxy.trust(), proxy.name, proxy.verifies()));
            }
            proxy.login.ifPresent(login -> builder.proxyAuthenticator(
                    (route, response) -> response.request().header("Proxy-Authorization") != null
                            ? null
                            : response.request()
                                    .newBuilder()
                                    .header("Proxy-Authorization", Credentials.basic(login.user, login.password, UTF_8))
                                    .build()));
            OkHttpClient client = builder.build();
            try (Response response = client.newCall(new Request.Builder()
                            .url("https://" + Rig.HOST + "/")
                            .build())
                    .execute()) {
                return response.body().string();
            } catch (IOException e) {
                return status(e);
            } finally {
                client.dispatcher().executorService().shutdown();
                client.connectionPool().evictAll();
            }
        }
    },

    /** Knows plain proxies only; TLS to the proxy is put around its bytes. */
    JDK {
        @Override
        public String get(Settings proxy) throws Exception {
            if (proxy.security == Security.PLAIN) {
                return get(proxy, proxy.address);
            }
            TlsToProxy around = new TlsToProxy(proxy.trust(), proxy.name, proxy.verifies());
            try (Origin pipe = Origin.plain(Pipe.to(() -> around.createSocket(proxy.address)))) {
                return get(proxy, new InetSocketAddress(InetAddress.getLoopbackAddress(), pipe.port()));
            }
        }

        private String get(Settings proxy, InetSocketAddress address) throws Exception {
            HttpClient.Builder builder = HttpClient.newBuilder()
                    .proxy(ProxySelector.of(address))
                    .sslContext(Rig.CA.clientContext())
                    .version(HttpClient.Version.HTTP_1_1);
            proxy.login.ifPresent(login -> builder.authenticator(new Authenticator() {
                @Override
                protected PasswordAuthentication getPasswordAuthentication() {
                    return new PasswordAuthentication(login.user, login.password.toCharArray());
                }
            }));
            try {
                HttpResponse<String> response = builder.build()
                        .send(
                                HttpRequest.newBuilder(URI.create("https://" + Rig.HOST + "/"))
                                        .build(),
                                HttpResponse.BodyHandlers.ofString());
                return response.statusCode() == 200 ? response.body() : Integer.toString(response.statusCode());
            } catch (IOException e) {
                return status(e);
            }
        }
    },

    CURL {
        @Override
        public String get(Settings proxy) throws Exception {
            List<String> command = new ArrayList<>(List.of("curl", "-sS", "--cacert", proxy.konnectCa.toString()));
            if (proxy.security == Security.TLS) {
                command.add("--proxy-insecure");
            } else if (proxy.security == Security.TLS_VERIFIED) {
                command.addAll(List.of("--proxy-cacert", proxy.proxyCa.toString()));
            }
            String login = proxy.login
                    .map(given -> URLEncoder.encode(given.user, UTF_8) + ":"
                            + URLEncoder.encode(given.password, UTF_8).replace("+", "%20") + "@")
                    .orElse("");
            command.addAll(List.of(
                    "--proxy",
                    (proxy.security == Security.PLAIN ? "http" : "https") + "://" + login + "127.0.0.1:"
                            + proxy.address.getPort(),
                    "https://" + Rig.HOST + "/"));
            String output = Programs.run("", command.toArray(new String[0]));
            return output.contains("407") ? "407" : output;
        }

        @Override
        public boolean isHere() {
            return Programs.onPath("curl");
        }
    };

    /** How a proxy is spoken to. */
    public enum Security {
        PLAIN,
        TLS,
        TLS_VERIFIED
    }

    /** What stands before the {@code @} of a proxy's URL. */
    public record Login(String user, String password) {}

    /**
     * A proxy, as its user knows it.
     *
     * @param name in its certificate
     * @param proxyCa who vouches for the proxy, PEM
     * @param konnectCa who vouches for Konnect, PEM
     */
    public record Settings(
            InetSocketAddress address,
            Security security,
            String name,
            Path proxyCa,
            Path konnectCa,
            Optional<Login> login) {
        public boolean verifies() {
            return security == Security.TLS_VERIFIED;
        }

        public SSLContext trust() throws Exception {
            return verifies()
                    ? io.konnectproxy.keys.TrustedCertificates.read(proxyCa.toString())
                            .clientContext()
                    : TrustingAnybody.context();
        }
    }

    /** What is got of Konnect, or the status with which the proxy refused. */
    public abstract String get(Settings proxy) throws Exception;

    /** Whether this machine has the client. */
    public boolean isHere() {
        return true;
    }

    /** What a client says of a refusal, each in its own words. */
    private static String status(IOException e) {
        String message = String.valueOf(e.getMessage());
        boolean credentials = message.contains("407") || message.contains("authenticat");
        return credentials ? "407" : e.toString();
    }
}
