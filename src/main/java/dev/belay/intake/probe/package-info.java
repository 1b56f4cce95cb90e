/**
 * Asks services whether they are well, by HTTP, and makes signals of the answers. What came back is
 * judged in {@link dev.belay.intake.probe.ProbeWindow}, which knows no network; what the signals
 * lead to is the core's.
 */
@NullMarked
package dev.belay.intake.probe;

import org.jspecify.annotations.NullMarked;
