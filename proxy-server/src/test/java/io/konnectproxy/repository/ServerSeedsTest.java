package io.konnectproxy.repository;

import io.konnectproxy.SeedsTest;

/** The targets and seeds of this module. */
class ServerSeedsTest extends SeedsTest {}
