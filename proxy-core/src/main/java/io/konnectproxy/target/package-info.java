/**
 * What was asked for. Start at {@link io.konnectproxy.target.ConnectTarget}: the text behind {@code CONNECT} becomes
 * one of its four cases here and is never handled as a raw string again. Knows nothing of Konnect, of rules or of bytes
 * on a wire.
 */
@NullMarked
package io.konnectproxy.target;

import org.jspecify.annotations.NullMarked;
