package io.konnectproxy.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * The process of the {@link ClosedLoop}. Reads orders from standard input, one a line: method, port of the proxy, host,
 * milliseconds. Answers each with a line: tunnels, median and 99th percentile of the time to the reply in microseconds; or
 * with a sentence that begins with {@code failed}. Ends with its input.
 */
final class LoopProcess {
    static final String READY = "ready";
    static final String FAILED = "failed: ";

    private LoopProcess() {}

    @SuppressWarnings("SystemOut")
    public static void main(String[] arguments) throws IOException {
        LoopOrigin origin;
        try {
            origin = new LoopOrigin(LoopOrigin.ADDRESS);
        } catch (IOException e) {
            System.out.println(e.getMessage());
            return;
        }
        Thread thread = new Thread(origin, "origin");
        thread.setDaemon(true);
        thread.start();
        System.out.println(READY);
        BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, US_ASCII));
        for (String order = orders.readLine(); order != null; order = orders.readLine()) {
            System.out.println(answer(order, origin));
        }
    }

    private static String answer(String order, LoopOrigin origin) {
        String[] words = order.split(" ", -1);
        LoopMethod method = LoopMethod.valueOf(words[0]);
        InetSocketAddress proxy = new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(words[1]));
        origin.answer(method);
        try {
            Samples replies = LoopClients.run(proxy, words[2], method, Duration.ofMillis(Long.parseLong(words[3])));
            return replies.size() + " " + replies.micros(0.5) + " " + replies.micros(0.99);
        } catch (IOException e) {
            return FAILED + e.getMessage();
        }
    }
}
