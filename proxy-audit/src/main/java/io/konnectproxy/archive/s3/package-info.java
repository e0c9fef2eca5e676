/**
 * The archive in Amazon S3, or in what speaks its protocol: {@link io.konnectproxy.archive.s3.S3Store}. Only this package knows the
 * AWS SDK, and nothing loads it where there is no archive.
 */
@NullMarked
package io.konnectproxy.archive.s3;

import org.jspecify.annotations.NullMarked;
