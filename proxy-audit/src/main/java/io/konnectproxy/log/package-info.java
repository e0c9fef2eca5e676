/**
 * What standard error and standard output carry. Logback starts {@link io.konnectproxy.log.ShippedLog}; nobody here
 * calls it. {@link io.konnectproxy.log.AuditStream} is for whoever knows that somebody looks at a terminal. Knows Logback, and of the rest only who counts what standard output took.
 */
@NullMarked
package io.konnectproxy.log;

import org.jspecify.annotations.NullMarked;
