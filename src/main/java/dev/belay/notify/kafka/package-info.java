/** Tells machines what Belay decides: CDEvents on a Kafka topic. */
@NullMarked
package dev.belay.notify.kafka;

import org.jspecify.annotations.NullMarked;
