/**
 * A world in memory: a cluster with its controllers, the people who work on it, services and their
 * traffic, and the alerts that follow. Demos, simulations and contract tests stand on it. No
 * threads, no sockets, no clock of its own, no randomness: whoever uses it does the rest.
 */
@NullMarked
package dev.belay.sandbox;

import org.jspecify.annotations.NullMarked;
