package io.konnectproxy.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * A short life of konnect-proxy under load: start, tunnels, a refusal, end. While an image is built it shows the JVM what
 * will be needed, so that it can be laid up in an ahead-of-time cache.
 */
public final class Rehearsal {
    private static final int CLIENTS = 16;
    /** Enough for every step of a tunnel to be seen as often as compilers want it. */
    private static final Duration TIME = Duration.ofSeconds(4);

    private Rehearsal() {}

    /** Arguments: where the configurations of the subjects lie, then options for the JVM that is watched. */
    @SuppressWarnings("SystemOut")
    public static void main(String[] arguments) throws InterruptedException {
        Path templates = Path.of(arguments[0]);
        List<String> options = Arrays.asList(arguments).subList(1, arguments.length);
        try (Bench bench = new Bench(templates);
                Running running = bench.start(Subject.KONNECT_PROXY, options)) {
            Client client = bench.client();
            int tunnels = Churn.atOnce(client, running.route(), CLIENTS, TIME).size();
            refuse(client, running.route());
            System.out.println("Rehearsed " + tunnels + " tunnels and a refusal.");
        } catch (IOException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
        System.exit(0);
    }

    private static void refuse(Client client, Route permitted) throws IOException, InterruptedException {
        Use use = Echoing.once();
        client.open(Route.through(permitted.address(), "www.example.com"), use);
        try {
            Client.await(List.of(use.up()));
        } catch (IOException e) {
            if (e.getMessage().startsWith("got 'HTTP/1.1 403 ")) {
                return;
            }
            throw e;
        }
        throw new IOException("A foreign host was permitted.");
    }
}
