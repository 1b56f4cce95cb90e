/** Tests of the asking of Prometheus. */
@NullMarked
package dev.belay.intake.prometheus;

import org.jspecify.annotations.NullMarked;
