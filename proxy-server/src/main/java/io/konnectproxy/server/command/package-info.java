/**
 * The command line, a class a command (picocli). Start at {@link io.konnectproxy.server.command.KonnectProxyCommand}.
 */
@NullMarked
package io.konnectproxy.server.command;

import org.jspecify.annotations.NullMarked;
