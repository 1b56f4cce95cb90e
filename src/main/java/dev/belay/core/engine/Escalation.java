package dev.belay.core.engine;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;

/**
 * Who is told of a page that nobody answers. Channels that no step names are told of everything at
 * once; those of a step are told of nothing about an incident until then, and of everything after.
 *
 * @param steps in the order of their delays
 */
public record Escalation(List<Step> steps) {
  /** All channels are told of everything at once. */
  public static final Escalation NONE = new Escalation(List.of());

  /**
   * One step.
   *
   * @param after how long after the page; longer than nothing
   * @param channels whom to tell then
   */
  public record Step(Duration after, List<String> channels) {}

  /** Orders the steps. */
  public Escalation {
    steps = steps.stream().sorted(Comparator.comparing(Step::after)).toList();
  }

  /** Those of the channels that are told later. */
  List<String> later(List<String> channels) {
    return channels.stream()
        .filter(channel -> steps.stream().anyMatch(step -> step.channels().contains(channel)))
        .toList();
  }
}
