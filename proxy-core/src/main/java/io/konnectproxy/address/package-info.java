/**
 * Which resolved addresses may be dialled. Start at {@link io.konnectproxy.address.AddressCheck}. Also reads addresses for
 * others ({@link io.konnectproxy.address.AddressText}). Knows nothing of names: who may be reached is the policy's matter,
 * this package only keeps a public name from leading to a private place.
 */
@NullMarked
package io.konnectproxy.address;

import org.jspecify.annotations.NullMarked;
