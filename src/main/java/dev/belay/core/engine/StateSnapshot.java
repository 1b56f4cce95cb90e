package dev.belay.core.engine;

import dev.belay.core.alert.Episode;
import dev.belay.core.alert.Labels;
import dev.belay.core.incident.Incident;
import dev.belay.core.release.Announcement;
import dev.belay.core.release.Release;
import dev.belay.core.remediation.ActionId;
import dev.belay.core.rule.Found;
import dev.belay.core.rule.Narrowing;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * A {@link State} as a value, for the journal's snapshots. {@code State.of(snapshot)} is its
 * inverse.
 */
public record StateSnapshot(
    List<Episode> alerts, List<OfService> services, List<OfRule> rules, Whole whole) {
  /** What is known of a rule that Belay evaluates itself. */
  public record OfRule(
      String rule,
      List<Standing> standings,
      Optional<Instant> seenAt,
      Optional<Instant> blindSince) {}

  /** One service's part. */
  public record OfService(
      String name,
      int incidentCount,
      Optional<Incident> incident,
      Optional<Run> run,
      List<Release> releases,
      List<Joined> joined,
      List<RevisionRecord> revisions,
      List<TriggerState> triggers,
      List<RolloutState> rollouts,
      List<Lease> leases,
      List<Attempt> actions,
      Optional<Soak> soak,
      Optional<Instant> quietSince,
      Optional<Instant> troubleEnded,
      List<Labels> silent,
      boolean moreSilent,
      boolean verified,
      boolean acted,
      Optional<ActionId> stuck,
      SortedMap<String, String> tried,
      SortedMap<String, Integer> lapses,
      boolean truncated,
      Narrowing narrowing,
      Optional<Snooze> snooze,
      Calling calling) {}

  /** An announcement, and the one by which the release is known that it means. */
  public record Joined(Announcement release, Announcement other) {}

  /** What is not a service's. */
  public record Whole(
      String journal,
      Optional<String> hold,
      Optional<Instant> brakeSince,
      boolean up,
      List<Instant> crashes,
      List<Opening> openings,
      List<Attempt> actions,
      List<Asking> askings,
      int notices,
      Telling telling,
      List<Incident> closed,
      List<Fact.Decided> decisions,
      List<Position> positions,
      List<InputState> inputs,
      List<OfFound> found,
      int incidentsLost) {}

  /** A service that fleets found. */
  public record OfFound(String service, Found found) {}

  /** The channels to people, and what each has yet to take. */
  public record Telling(
      List<String> channels, List<String> later, List<Owed> owed, List<Trying> trying) {}

  /** A channel that has something yet to take: how often it was tried in vain, and when again. */
  public record Trying(String channel, int attempts, Instant next) {}

  /** An action that touched the cluster, or may have; and when, where more than once at last. */
  public record Attempt(ActionId action, Instant at) {
    /** Notes the attempt; what is older than an hour is forgotten. */
    static void note(List<Attempt> attempts, ActionId action, Instant at) {
      Instant hourAgo = at.minus(Duration.ofHours(1));
      attempts.removeIf(
          earlier -> !earlier.at().isAfter(hourAgo) || earlier.action().equals(action));
      attempts.add(new Attempt(action, at));
    }

    /** How many actions but for this one fall into the hour before {@code now}. */
    static int others(List<Attempt> attempts, Optional<ActionId> but, Instant now) {
      Instant hourAgo = now.minus(Duration.ofHours(1));
      return (int)
          attempts.stream()
              .filter(attempt -> attempt.at().isAfter(hourAgo))
              .filter(attempt -> but.filter(attempt.action()::equals).isEmpty())
              .count();
    }
  }

  /** A service that newly got into trouble. */
  public record Opening(String service, Instant at) {}

  /** A service that waits for leave to act. */
  public record Asking(String service, ActionId action) {}
}
