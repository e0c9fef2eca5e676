/**
 * The target of a request. Start at {@link io.konnectproxy.target.ConnectTarget}: the request target of {@code CONNECT} becomes
 * one of its four cases here and is never handled as a raw string again. The package does not know Konnect, rules or wire
 * formats.
 */
@NullMarked
package io.konnectproxy.target;

import org.jspecify.annotations.NullMarked;
