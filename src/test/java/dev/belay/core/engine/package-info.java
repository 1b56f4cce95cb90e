/**
 * The engine's judgement, driven event by event on a virtual clock. No cluster, no journal: answers
 * are given by hand.
 */
@NullMarked
package dev.belay.core.engine;

import org.jspecify.annotations.NullMarked;
