/**
 * Files that are written for others to read: {@link io.konnectproxy.server.file.SafeFile}. Knows nothing of what stands in
 * them, nor of any other package.
 */
@NullMarked
package io.konnectproxy.server.file;

import org.jspecify.annotations.NullMarked;
