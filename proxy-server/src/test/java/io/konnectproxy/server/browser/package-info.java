/**
 * The live page in a real Chromium ({@code .ci/page}). Begin with {@link io.konnectproxy.server.browser.LivePageInChromium}.
 * The browser is spoken to over the Chrome DevTools Protocol, and a stand-in plays the proxy's events; {@code RealProxyInChromium}
 * has a real one. No part of the normal
 * build except {@code PageDocumentTest}, which needs no browser.
 */
@NullMarked
package io.konnectproxy.server.browser;

import org.jspecify.annotations.NullMarked;
