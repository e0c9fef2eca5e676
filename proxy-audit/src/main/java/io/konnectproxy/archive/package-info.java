/**
 * The archive of a fleet's trails in an object store: the names of its objects, and what is needed of a store.
 */
@NullMarked
package io.konnectproxy.archive;

import org.jspecify.annotations.NullMarked;
