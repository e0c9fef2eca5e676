/**
 * What was promised to users of earlier versions still holds. {@link io.konnectproxy.compatibility.Samples} says what is kept of a
 * version, {@link io.konnectproxy.compatibility.CompatibilityTest} holds this version to it.
 */
@NullMarked
package io.konnectproxy.compatibility;

import org.jspecify.annotations.NullMarked;
