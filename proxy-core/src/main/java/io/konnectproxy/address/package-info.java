/**
 * Decides which resolved addresses may be dialled. Start at {@link io.konnectproxy.address.AddressCheck}. It also parses and
 * formats addresses ({@link io.konnectproxy.address.AddressText}). It does not know host names: the policy decides about those,
 * and this package keeps a public name from resolving to a private address.
 */
@NullMarked
package io.konnectproxy.address;

import org.jspecify.annotations.NullMarked;
