package io.konnectproxy.server.listener;

import io.konnectproxy.server.config.Configuration.Resumption;
import io.konnectproxy.server.dns.AddressRules;
import io.netty.channel.Channel;
import io.netty.util.AttributeKey;

/**
 * What was in force at the verdict of a tunnel and stays so for it. It is kept with the client's channel, because any later
 * change, and not only the next one, must be compared with it.
 *
 * @param listener the requirements that the connection met
 * @param rules the addresses that may be dialled
 */
record Begun(Listener listener, Resumption resumption, AddressRules rules) {
    private static final AttributeKey<Begun> KEY = AttributeKey.valueOf("begun");

    static Begun of(Channel client) {
        return client.attr(KEY).get();
    }

    void keepWith(Channel client) {
        client.attr(KEY).set(this);
    }
}
