package io.konnectproxy.server;

/** The targets and seeds of this module. */
class SeedsTest extends io.konnectproxy.SeedsTest {}
