/**
 * The cluster as it really is: {@link dev.belay.port.Cluster} on a Kubernetes API server. Raw JSON
 * over fabric8's HTTP client, so that fields which no model knows survive and every request is sent
 * exactly once. Decides nothing: which revision, which flag and when is the core's business.
 */
@NullMarked
package dev.belay.kube;

import org.jspecify.annotations.NullMarked;
