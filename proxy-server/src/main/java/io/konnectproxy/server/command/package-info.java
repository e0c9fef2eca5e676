/**
 * The command line, with one class for each command (picocli). Start at {@link
 * io.konnectproxy.server.command.KonnectProxyCommand}.
 */
@NullMarked
package io.konnectproxy.server.command;

import org.jspecify.annotations.NullMarked;
