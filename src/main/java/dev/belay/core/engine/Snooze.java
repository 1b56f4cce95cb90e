package dev.belay.core.engine;

import java.time.Instant;

/**
 * A person has an incident in hand: until then nobody is told of it and nothing is begun for it.
 *
 * @param person who said so
 * @param until when it ends by itself
 */
public record Snooze(String person, Instant until) {}
