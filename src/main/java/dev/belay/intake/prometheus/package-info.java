/**
 * Prometheus asked: the signals of services by {@code /api/v1/query}. One query answers for every
 * service that is measured in the same way. What cannot be told is unknown, and says why; nothing
 * here decides what follows from a reading.
 *
 * <p>Calls block, on virtual threads; every answer is bounded in time and size.
 */
@NullMarked
package dev.belay.intake.prometheus;

import org.jspecify.annotations.NullMarked;
