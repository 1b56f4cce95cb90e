package dev.belay.core.rule;

import dev.belay.core.alert.Labels;
import dev.belay.core.alert.Matcher;
import dev.belay.core.release.Shipper;
import dev.belay.core.release.Workload;
import dev.belay.core.remediation.Remediation;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * One service that Belay looks after.
 *
 * @param name unique among all rule files
 * @param workload what runs it, where Belay may roll it back
 * @param match alert labels that mean this service; all must match
 * @param triggers its own rollback triggers
 * @param remediations what to do, the first whose {@code when} holds wins
 * @param limits how often
 * @param soak how long a revision must run without trouble before it counts as known good
 * @param measuring how the signals of its triggers are measured
 * @param announcedAs by which name each tool announces it, where its rule says so
 */
public record Service(
    String name,
    Optional<Workload> workload,
    List<Matcher> match,
    List<Trigger> triggers,
    List<Remediation> remediations,
    Limits limits,
    Duration soak,
    Measuring measuring,
    Map<Shipper, String> announcedAs) {
  /** How long a revision must run well where no rule says. */
  public static final Duration DEFAULT_SOAK = Duration.ofMinutes(10);

  /** One that tools announce by its workload or name. */
  public Service(
      String name,
      Optional<Workload> workload,
      List<Matcher> match,
      List<Trigger> triggers,
      List<Remediation> remediations,
      Limits limits,
      Duration soak,
      Measuring measuring) {
    this(name, workload, match, triggers, remediations, limits, soak, measuring, Map.of());
  }

  /** One whose signals are measured as the daemon has it. */
  public Service(
      String name,
      Optional<Workload> workload,
      List<Matcher> match,
      List<Trigger> triggers,
      List<Remediation> remediations,
      Limits limits,
      Duration soak) {
    this(name, workload, match, triggers, remediations, limits, soak, Measuring.DEFAULT);
  }

  /** This service with those of its triggers only that this holds for. */
  public Service withTriggers(Predicate<Trigger> kept) {
    return new Service(
        name,
        workload,
        match,
        triggers.stream().filter(kept).toList(),
        remediations,
        limits,
        soak,
        measuring,
        announcedAs);
  }

  /** Whether an alert with these labels speaks of this service. */
  public boolean matches(Labels labels) {
    return !match.isEmpty() && match.stream().allMatch(matcher -> matcher.matches(labels));
  }
}
