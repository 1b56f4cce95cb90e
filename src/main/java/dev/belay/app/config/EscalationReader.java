package dev.belay.app.config;

import dev.belay.core.engine.Escalation;
import dev.belay.rules.yaml.Durations;
import dev.belay.rules.yaml.Fields;
import dev.belay.rules.yaml.Problems;
import dev.belay.rules.yaml.Quoted;
import dev.belay.rules.yaml.Yaml;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads {@code escalation}: who is told of a page that nobody answers, and when. */
final class EscalationReader {
  private static final List<String> STEP = List.of("after", "tell");

  private final Problems problems;
  private final List<String> channels;

  /**
   * Reads for these channels.
   *
   * @param channels the names of those that are configured
   */
  EscalationReader(Problems problems, List<String> channels) {
    this.problems = problems;
    this.channels = channels;
  }

  Escalation read(Fields top) {
    List<Escalation.Step> steps = new ArrayList<>();
    Set<String> named = new HashSet<>();
    Set<String> later = new HashSet<>();
    for (Yaml item : top.items("escalation")) {
      Optional<Fields> step = Fields.of(item, "a step", problems, STEP);
      Optional<Duration> after = step.flatMap(it -> it.read("after", Durations::people));
      step.ifPresent(it -> it.require("after", "write how long after the page, such as 10m"));
      List<String> tell = new ArrayList<>();
      for (Yaml name : step.map(it -> it.items("tell")).orElse(List.of())) {
        Fields.read(name, "a channel", problems, text -> text)
            .filter(text -> known(name, text, named))
            .ifPresent(tell::add);
      }
      if (after.filter(Duration::isPositive).isPresent() && !tell.isEmpty()) {
        steps.add(new Escalation.Step(after.get(), List.copyOf(tell)));
        later.addAll(tell);
      }
    }
    if (!later.isEmpty() && later.containsAll(channels)) {
      problems.error(
          top.at("escalation"),
          "nobody is told at once; leave one channel out, or give it a step with after: 0s");
      return Escalation.NONE;
    }
    return new Escalation(steps);
  }

  private boolean known(Yaml at, String name, Set<String> named) {
    if (!channels.contains(name)) {
      problems.error(
          at.at(),
          "no channel "
              + Quoted.of(name)
              + " is configured; those that are: "
              + String.join(", ", channels));
      return false;
    }
    if (!named.add(name)) {
      problems.error(at.at(), "the channel " + Quoted.of(name) + " is in a step already");
      return false;
    }
    return true;
  }
}
