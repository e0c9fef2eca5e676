package io.konnectproxy.wire;

import java.util.ArrayList;
import java.util.List;

/** Finds the pseudonyms of proxies of this kind in the values of {@code Via}; whatever else stands there is not kept. */
final class ViaField {
    private final List<ViaName> names = new ArrayList<>();
    private final StringBuilder word = new StringBuilder();

    /** The next octet of a value. */
    void accept(int octet) {
        if (!Octet.isToken(octet)) {
            end();
        } else if (word.length() <= ViaName.LENGTH) {
            word.append((char) octet);
        }
    }

    /** The value ends. */
    void end() {
        if (word.length() == ViaName.LENGTH && names.size() < ProxyChain.MAX && ViaName.isOne(word.toString())) {
            names.add(new ViaName(word.toString()));
        }
        word.setLength(0);
    }

    ProxyChain chain() {
        return names.isEmpty() ? ProxyChain.EMPTY : new ProxyChain(names);
    }
}
