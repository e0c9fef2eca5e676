package io.konnectproxy.bench.siege;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.konnectproxy.bench.KongConnect;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.function.IntFunction;

/** Requests that are refused, one after the other: the proxy answers and closes, and they come again. */
final class Requests extends Attack {
    /** As much as a line of the trail has of a target, all of it to be escaped there. */
    private static final int TARGET = 512;

    private final IntFunction<String> request;

    private Requests(Plan plan, IntFunction<String> request) {
        super(plan);
        this.request = request;
    }

    /** The line of each is as long as a line can be. */
    static Requests malformed(Plan plan) {
        String request = "CONNECT " + "\"".repeat(TARGET) + " HTTP/1.1\r\n\r\n";
        return new Requests(plan, any -> request);
    }

    /** Nothing is wrong with them but where they come from. */
    static Requests fromOutside(Plan plan) {
        String request = KongConnect.head(Names.ATTACK, "");
        return new Requests(plan, any -> request);
    }

    /** A user's name with another wrong password each time. */
    static Requests guesses(Plan plan) {
        return new Requests(plan, n -> {
            byte[] guess = (Installation.user(n) + ":guess-" + n).getBytes(StandardCharsets.US_ASCII);
            return KongConnect.head(
                    Names.ATTACK,
                    "Proxy-Authorization: Basic " + Base64.getEncoder().encodeToString(guess) + "\r\n");
        });
    }

    /** Permitted, each for another name, which the name server does not answer for. */
    static Requests madeUpNames(Plan plan) {
        return new Requests(plan, n -> KongConnect.head(Names.silent(n), ""));
    }

    @Override
    ChannelHandler connection(int n) {
        return new Caller(Unpooled.wrappedBuffer(request.apply(n).getBytes(ISO_8859_1)));
    }
}
