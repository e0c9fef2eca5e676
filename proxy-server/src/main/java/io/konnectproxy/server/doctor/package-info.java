/**
 * Examines the way from this machine to Konnect, step by step, for the command {@code doctor}. Start at
 * {@link io.konnectproxy.server.doctor.Doctor}. It blocks, changes nothing, and dials nothing that the proxy would not dial. The
 * package does not know the command line.
 */
@NullMarked
package io.konnectproxy.server.doctor;

import org.jspecify.annotations.NullMarked;
