/** What Belay must be allowed to do in the cluster, worked out from the rules. */
@NullMarked
package dev.belay.core.access;

import org.jspecify.annotations.NullMarked;
