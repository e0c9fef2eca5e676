/**
 * What lies in {@code deploy/helm}: rendered by Helm's own engine, held to the model of Kubernetes, to the reader of the
 * configuration and to what a pod of ours must not be. Begin at {@code HelmChart}.
 */
@NullMarked
package io.konnectproxy.deploy;

import org.jspecify.annotations.NullMarked;
