/**
 * The pure engine: events in, facts and commands out. It sees no clock, thread, disk or network;
 * time is an argument.
 */
@NullMarked
package dev.belay.core.engine;

import org.jspecify.annotations.NullMarked;
