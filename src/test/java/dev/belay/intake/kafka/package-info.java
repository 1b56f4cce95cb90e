@NullMarked
package dev.belay.intake.kafka;

import org.jspecify.annotations.NullMarked;
