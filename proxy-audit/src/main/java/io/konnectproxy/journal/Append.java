package io.konnectproxy.journal;

import java.io.IOException;
import java.util.Optional;

/**
 * The result of appending a batch.
 *
 * @param kept the number of its first bytes that are in the trail; whole lines
 * @param problem why not all of it is in the trail
 */
record Append(int kept, Optional<IOException> problem) {}
