/**
 * The whole daemon's core on a virtual clock, in a world in memory that goes wrong in every way we
 * know of, watched by an oracle that shares no code with the core. Everything follows from a seed.
 */
@NullMarked
package dev.belay.sim;

import org.jspecify.annotations.NullMarked;
