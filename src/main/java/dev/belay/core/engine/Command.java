package dev.belay.core.engine;

import dev.belay.core.incident.Notice;
import dev.belay.core.release.Workload;
import dev.belay.core.remediation.ActionId;
import dev.belay.core.remediation.Plan;
import dev.belay.core.remediation.Target;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Something for the shell to do, released only when the facts that led to it are durable. Each but
 * {@link Notify} is answered by exactly one {@link Event} that carries the same {@link ActionId}; a
 * lost answer is asked for again.
 */
public sealed interface Command {
  /** Read the target. Answer: {@link Event.Observed} or {@link Event.ClusterSilent}. */
  record Observe(String service, ActionId action, Target target) implements Command {}

  /**
   * Ask whether it would go through. Answer: {@link Event.Preflighted} or {@link
   * Event.ClusterSilent}.
   *
   * @param annotated the workload on which the service's team says how far Belay may go, to be read
   *     first; empty where there is none
   */
  record Preflight(String service, ActionId action, Plan plan, Optional<Workload> annotated)
      implements Command {}

  /**
   * Carry it out; its intent is durable. Answer: {@link Event.ActionFinished}.
   *
   * @param notAfter the latest moment to begin: what waited for longer is not sent any more, for by
   *     then the engine has gone on to ask what became of it, and people may have said stop
   */
  record Apply(String service, ActionId action, Plan plan, Instant notAfter) implements Command {}

  /**
   * Look whether it took effect. Answer: {@link Event.Inspected} or {@link Event.ClusterSilent}.
   */
  record Inspect(String service, ActionId action, Plan plan) implements Command {}

  /** Look how far it is. Answer: {@link Event.SettlementSeen} or {@link Event.ClusterSilent}. */
  record Settle(String service, ActionId action, Plan plan) implements Command {}

  /**
   * Tell people by this channel. It takes the place of what the channel was handed before, of which
   * this may hold a part: what is under way or was taken is not told again. Answer, for each notice
   * that the channel took: {@link Event.NoticeDelivered}; what it does not take is handed to it
   * again.
   *
   * @param owed all that the channel has yet to take, the oldest first; at least one
   */
  record Notify(String channel, List<Notice> owed) implements Command {}
}
