/** Belay, the daemon that catches bad releases. Only rooms live here, no classes. */
@NullMarked
package dev.belay;

import org.jspecify.annotations.NullMarked;
