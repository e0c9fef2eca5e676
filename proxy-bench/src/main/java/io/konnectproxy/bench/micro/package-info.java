/**
 * What single steps cost, in time and in bytes allocated: JMH. Start at {@link io.konnectproxy.bench.micro.Micro}; a class for
 * each step, public and open because JMH derives from it. Each makes sure beforehand that what it measures does what it is to do,
 * since a refusal by mistake is quick. What needs the inside of a package stands under that package's name. Knows nothing of
 * sockets or of other proxies.
 */
@NullMarked
package io.konnectproxy.bench.micro;

import org.jspecify.annotations.NullMarked;
