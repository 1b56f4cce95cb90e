package dev.belay.core.remediation;

import java.time.Duration;
import java.util.Optional;

/**
 * One step of a ladder.
 *
 * @param action what to do
 * @param lease after how long it is undone; empty for what is not undone
 * @param verify how long the trouble has to end before the next step is taken; empty: the step is
 *     the last word
 */
public record Step(Action action, Optional<Duration> lease, Optional<Duration> verify) {}
