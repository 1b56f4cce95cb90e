/** The contracts that every implementation of a port passes. */
@NullMarked
package dev.belay.port;

import org.jspecify.annotations.NullMarked;
