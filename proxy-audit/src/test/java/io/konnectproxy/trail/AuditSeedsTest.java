package io.konnectproxy.trail;

import io.konnectproxy.SeedsTest;

/** The targets and seeds of this module. */
class AuditSeedsTest extends SeedsTest {}
