/**
 * What standard error and standard output carry. Logback starts {@link io.konnectproxy.log.ShippedLog}; nobody here
 * calls it. Knows Logback, and of the rest only who counts what standard output took.
 */
@NullMarked
package io.konnectproxy.log;

import org.jspecify.annotations.NullMarked;
