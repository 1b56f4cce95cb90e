/** Tests of what machines are told. */
@NullMarked
package dev.belay.notify.kafka;

import org.jspecify.annotations.NullMarked;
