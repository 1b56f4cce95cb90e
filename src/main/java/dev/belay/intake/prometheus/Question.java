package dev.belay.intake.prometheus;

import java.util.List;
import java.util.Optional;

/**
 * One query, and all that its answer speaks of.
 *
 * @param name for people; the same after a restart by the same rules
 * @param query PromQL for the signal
 * @param traffic PromQL for requests a second, where somebody asks for a minimum of them
 * @param by the labels that tell the series of services apart, where Belay made the query
 * @param askers whom it concerns, at least one
 */
record Question(
    String name, String query, Optional<String> traffic, List<String> by, List<Asker> askers) {}
