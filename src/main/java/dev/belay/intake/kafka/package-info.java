/**
 * Release events from Kafka. One thread owns one consumer and only moves bytes: it reads, parses as
 * the other doors do, offers to the engine, and lets offsets move when the engine says that what
 * follows is durable. That a record has exactly one effect is decided by the core, which keeps the
 * position with the facts.
 *
 * <p>Nothing here is loaded where Kafka is not configured.
 */
@NullMarked
package dev.belay.intake.kafka;

import org.jspecify.annotations.NullMarked;
