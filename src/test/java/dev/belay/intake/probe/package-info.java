/** Tests of the probes: on a virtual clock, and against a real HTTP server. */
@NullMarked
package dev.belay.intake.probe;

import org.jspecify.annotations.NullMarked;
