/**
 * The configuration: makes validated records of YAML and environment variables. Start at {@link
 * io.konnectproxy.server.config.Configuration}. All problems are found in one pass, each with its place. The package opens no
 * socket, and knows nothing of who uses the values.
 */
@NullMarked
package io.konnectproxy.server.config;

import org.jspecify.annotations.NullMarked;
