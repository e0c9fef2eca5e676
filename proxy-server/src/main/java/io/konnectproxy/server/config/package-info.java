/**
 * The configuration: parses YAML and environment variables into validated records. Start at
 * {@link io.konnectproxy.server.config.Configuration}. All problems are found in one pass, each with its location. The
 * package opens no socket, and does not know the code that uses the values.
 */
@NullMarked
package io.konnectproxy.server.config;

import org.jspecify.annotations.NullMarked;
