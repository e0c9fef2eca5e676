/**
 * The chart on a real API server with its controllers ({@code .ci/kube}). Begin with
 * {@link io.konnectproxy.deploy.kube.ChartOnKubernetes}. No part of the normal build.
 */
@NullMarked
package io.konnectproxy.deploy.kube;

import org.jspecify.annotations.NullMarked;
