/**
 * Benchmarks of the whole daemon under load; run by hand, never a gate. JMH benchmarks stand beside
 * what they measure.
 */
@NullMarked
package dev.belay.bench;

import org.jspecify.annotations.NullMarked;
