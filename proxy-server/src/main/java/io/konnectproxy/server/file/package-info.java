/**
 * Files that are written for others to read, {@link io.konnectproxy.server.file.SafeFile}, and files that others change, {@link
 * io.konnectproxy.server.file.WatchedFile}. It knows neither what stands in them nor any other package.
 */
@NullMarked
package io.konnectproxy.server.file;

import org.jspecify.annotations.NullMarked;
