/**
 * Our strict readers beside readers of other hands, over generated inputs. Start at
 * {@link io.konnectproxy.server.differential.DifferentialHeadTest}: whenever ours accepts, theirs must read the same.
 */
@NullMarked
package io.konnectproxy.server.differential;

import org.jspecify.annotations.NullMarked;
