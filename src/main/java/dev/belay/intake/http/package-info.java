/**
 * The HTTP doors: routes that bound, authenticate, parse, offer to the engine's inbox and answer
 * when it is durable; and the gate that every route of the server can stand behind. What a body
 * means is the parsers' business in {@code dev.belay.intake}; decisions are the core's.
 */
@NullMarked
package dev.belay.intake.http;

import org.jspecify.annotations.NullMarked;
