/** Proofs of the engine's loop, and of the whole daemon as a process that is killed. */
@NullMarked
package dev.belay.app;

import org.jspecify.annotations.NullMarked;
