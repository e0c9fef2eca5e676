package io.konnectproxy.journal;

import io.konnectproxy.support.Await;
import io.konnectproxy.support.RawClient;
import io.konnectproxy.support.Rig;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Clients that ask for permitted and refused hosts in turn until there is no proxy any more. */
final class CrashLoad {
    private static final int CLIENTS = 4;
    /** Of each client; a run that is killed late must still end. */
    private static final int MOST_REQUESTS = 2_000;

    private final InetSocketAddress proxy;
    private final Map<Integer, Integer> answered = new ConcurrentHashMap<>();
    private final AtomicInteger answers = new AtomicInteger();
    private final List<Thread> clients = new ArrayList<>();

    private CrashLoad(InetSocketAddress proxy) {
        this.proxy = proxy;
    }

    static CrashLoad on(InetSocketAddress proxy) {
        CrashLoad load = new CrashLoad(proxy);
        for (int i = 0; i < CLIENTS; i++) {
            Thread client = new Thread(load::askOnAndOn, "crash-client");
            client.start();
            load.clients.add(client);
        }
        return load;
    }

    private void askOnAndOn() {
        try {
            for (int i = 0; i < MOST_REQUESTS; i++) {
                ask(i % 3 == 0 ? "evil.example.com" : Rig.HOST);
            }
        } catch (IOException e) {
            // The proxy is gone.
        }
    }

    private void ask(String host) throws IOException {
        try (RawClient client = new RawClient(proxy)) {
            // Thousands of clients would else wait out their ports.
            client.socket().setSoLinger(true, 0);
            RawClient.Answer answer = client.connect(host).answer();
            if (!answer.head().endsWith("\r\n\r\n")) {
                throw new EOFException("killed while it answered");
            }
            // Whoever is told that it is counted in a sum is told the truth, and that is lost with the process.
            if (answer.status() == 200
                    || (answer.status() == 403 && !answer.body().contains("in a sum"))) {
                answered.merge(client.socket().getLocalPort(), 1, Integer::sum);
                answers.incrementAndGet();
            }
        }
    }

    void awaitAnswers(int count) {
        Await.until(count + " were answered", () -> answers.get() >= count);
    }

    void awaitEnd() throws InterruptedException {
        for (Thread client : clients) {
            client.join();
        }
    }

    int answers() {
        return answers.get();
    }

    /** How often each client port was given a 200 or a refusal. */
    Map<Integer, Integer> answered() {
        return answered;
    }
}
