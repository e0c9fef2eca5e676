/**
 * Files that commands write, {@link io.konnectproxy.server.file.SafeFile}, and files that are watched for changes,
 * {@link io.konnectproxy.server.file.WatchedFile}. The package knows neither their content nor any other package.
 */
@NullMarked
package io.konnectproxy.server.file;

import org.jspecify.annotations.NullMarked;
