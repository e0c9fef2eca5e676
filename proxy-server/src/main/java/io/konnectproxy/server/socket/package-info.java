/** What listeners of every kind have in common. Knows no other package. */
@NullMarked
package io.konnectproxy.server.socket;

import org.jspecify.annotations.NullMarked;
