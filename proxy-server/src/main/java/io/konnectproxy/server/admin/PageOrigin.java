package io.konnectproxy.server.admin;

import io.konnectproxy.address.AddressText;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Keeps pages of others from reading the live page through the browser of somebody who may. A name in {@code Host} may be one that an
 * attacker's DNS has turned to this address (DNS rebinding), so only addresses and {@code localhost} are taken.
 */
final class PageOrigin {
    private static final Pattern HOST =
            Pattern.compile("(?:\\[(?<v6>[^\\]]*)\\]|(?<name>[^:\\[\\]]*))(?::[0-9]{1,5})?");

    private PageOrigin() {}

    /** Why a request for the document is refused, if it is. */
    static Optional<Page> refusal(HttpHeaders headers) {
        return host(headers).isPresent() ? Optional.empty() : Optional.of(Page.OTHER_HOST);
    }

    /** Why a request for events is refused, if it is. */
    static Optional<Page> refusalOfEvents(HttpHeaders headers) {
        Optional<Page> refusal = refusal(headers);
        if (refusal.isPresent()) {
            return refusal;
        }
        // Browsers of today say where the request comes from; others than browsers say nothing.
        boolean same = headers.getAll("sec-fetch-site").stream()
                        .allMatch(site -> site.equals("same-origin") || site.equals("none"))
                && headers.getAll(HttpHeaderNames.ORIGIN).stream().allMatch(origin -> isSame(origin, headers));
        return same ? Optional.empty() : Optional.of(Page.OTHER_ORIGIN);
    }

    /** Behind a proxy with TLS the origin is https. */
    private static boolean isSame(String origin, HttpHeaders headers) {
        return host(headers)
                .filter(host -> origin.equalsIgnoreCase("http://" + host) || origin.equalsIgnoreCase("https://" + host))
                .isPresent();
    }

    /** The value of {@code Host}, if there is one and it is an address or {@code localhost}. */
    private static Optional<String> host(HttpHeaders headers) {
        List<String> values = headers.getAll(HttpHeaderNames.HOST);
        if (values.size() != 1) {
            return Optional.empty();
        }
        Matcher matcher = HOST.matcher(values.get(0));
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String v6 = matcher.group("v6");
        String name = matcher.group("name");
        boolean known = v6 != null
                ? AddressText.read(v6).filter(bytes -> bytes.length == 16).isPresent()
                : name.equalsIgnoreCase("localhost") || AddressText.read(name).isPresent();
        return known ? Optional.of(values.get(0)) : Optional.empty();
    }
}
