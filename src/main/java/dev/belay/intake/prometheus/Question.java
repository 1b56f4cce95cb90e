package dev.belay.intake.prometheus;

import java.util.List;
import java.util.Optional;

/**
 * What is asked for one signal of some services at once.
 *
 * @param name for people; the same after a restart by the same rules
 * @param values for the signal
 * @param traffic for requests a second, where somebody asks for a minimum of them
 * @param askers whom it concerns, at least one
 */
record Question(String name, Asked values, Optional<Asked> traffic, List<Asker> askers) {
  /**
   * One query.
   *
   * @param query in PromQL
   * @param by the labels that tell the series of services apart, where Belay made the query
   */
  record Asked(String query, List<String> by) {}
}
