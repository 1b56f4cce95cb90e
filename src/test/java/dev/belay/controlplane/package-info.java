/**
 * A real Kubernetes control plane for tests: etcd, API server, controller manager, kubectl, and a
 * kubelet that only pretends. Knows nothing of Belay.
 */
@NullMarked
package dev.belay.controlplane;

import org.jspecify.annotations.NullMarked;
