package io.konnectproxy.journal;

import java.io.IOException;
import java.util.Optional;

/**
 * What became of a batch.
 *
 * @param kept bytes at its front that are in the trail; whole lines
 * @param problem why that is not all of it
 */
record Append(int kept, Optional<IOException> problem) {}
