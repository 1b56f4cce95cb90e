/**
 * The shell: the engine's thread, what carries out its commands, and the wiring of all rooms.
 * Everything that decides lives in {@code core}; a new {@code if} here is a sign that it belongs
 * there.
 */
@NullMarked
package dev.belay.app;

import org.jspecify.annotations.NullMarked;
