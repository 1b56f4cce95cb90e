/**
 * What the engine's shell needs of the world. Interfaces and their exceptions only; adapters
 * implement them.
 */
@NullMarked
package dev.belay.port;

import org.jspecify.annotations.NullMarked;
