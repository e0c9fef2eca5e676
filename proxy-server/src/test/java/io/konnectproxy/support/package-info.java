/**
 * What tests of the whole proxy stand on: the proxy with its surroundings (begin at {@code Rig}, or at {@code RunningProxy} for
 * a process of its own), stand-ins for name servers, upstreams and parents, clients, and readers of what it wrote. Knows no test.
 */
@NullMarked
package io.konnectproxy.support;

import org.jspecify.annotations.NullMarked;
