package dev.belay.core.engine;

import java.util.Optional;

/**
 * One reading of a trigger's signal.
 *
 * @param trigger {@link dev.belay.core.rule.Trigger#name}
 * @param value the value in the signal's unit; empty where it is unknown, which is neither good nor
 *     bad
 * @param detail why it is unknown, or empty
 */
public record Reading(String trigger, Optional<Double> value, String detail) {}
