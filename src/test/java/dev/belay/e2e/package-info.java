/**
 * Belay among the real programs that it works with: Prometheus, Alertmanager, a control plane. What
 * is stood in for lives with the room whose neighbour it plays.
 */
@NullMarked
package dev.belay.e2e;

import org.jspecify.annotations.NullMarked;
