package dev.belay.sandbox;

import java.util.function.Predicate;

/**
 * What must be true when a scenario is over.
 *
 * @param sentence what, for people
 * @param holds whether it is
 */
public record Expectation(String sentence, Predicate<Ending> holds) {}
