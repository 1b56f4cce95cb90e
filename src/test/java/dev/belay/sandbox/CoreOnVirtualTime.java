package dev.belay.sandbox;

import dev.belay.core.engine.Command;
import dev.belay.core.engine.Core;
import dev.belay.core.engine.Event;
import dev.belay.core.engine.Listening;
import dev.belay.core.engine.ServiceState;
import dev.belay.core.engine.Settings;
import dev.belay.core.engine.State;
import dev.belay.core.incident.Incident;
import dev.belay.core.remediation.ActionId;
import dev.belay.core.rule.Mode;
import dev.belay.core.rule.RuleSet;
import dev.belay.core.rule.Service;
import dev.belay.intake.IntakeLimits;
import dev.belay.intake.Parsed;
import dev.belay.intake.ReleaseEvents;
import dev.belay.intake.WebhookAlerts;
import dev.belay.port.ClusterUnavailable;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The smallest shell around Belay's core, on a virtual clock and one thread: what the daemon does
 * with verticles, threads and a journal.
 */
final class CoreOnVirtualTime {
  private static final int POLL_EVERY = 5;

  private final VirtualClock clock;
  private final World world;
  private final RuleSet rules;
  private final Core core;
  private final State state = new State();
  private final WebhookAlerts alerts = new WebhookAlerts(IntakeLimits.standard());
  private final ReleaseEvents releases = new ReleaseEvents(IntakeLimits.standard());
  private final Queue<Event> mailbox = new ArrayDeque<>();
  private int ticks;

  CoreOnVirtualTime(VirtualClock clock, World world, RuleSet rules, int stormServices) {
    this.clock = clock;
    this.world = world;
    this.rules = rules;
    this.core =
        new Core(rules, settings(stormServices), UUID.randomUUID().toString(), List.of("test"));
    mailbox.add(new Event.Started());
  }

  private static Settings settings(int stormServices) {
    Settings base = Settings.DEFAULT;
    return new Settings(
        Mode.ACT,
        stormServices,
        base.stormWindow(),
        base.actionsPerHour(),
        Duration.ofSeconds(5),
        base.clusterPatience(),
        base.settlePatience(),
        base.intentLife(),
        Settings.DEFAULT.alertRoom(),
        Settings.CrashLoop.DEFAULT,
        Listening.NONE);
  }

  /** Lets the daemon do what it does in one tick. */
  void tick(List<Post> posts) {
    posts.forEach(post -> mailbox.add(parsed(post)));
    if (ticks++ % POLL_EVERY == 0) {
      rules.services().forEach(this::poll);
    }
    mailbox.add(new Event.Swept());
    for (Event event = mailbox.poll(); event != null; event = mailbox.poll()) {
      core.handle(state, event, clock.instant()).commands().forEach(this::obey);
    }
  }

  private Event parsed(Post post) {
    byte[] body = post.json().getBytes(StandardCharsets.UTF_8);
    Parsed parsed =
        switch (post.path()) {
          case "/webhooks/alertmanager" -> alerts.parse(body, clock.instant());
          case "/api/v1/events" ->
              releases.parse("application/json", Map.of(), body, clock.instant());
          default -> throw new AssertionError(post);
        };
    if (parsed instanceof Parsed.Taken(var event, var complaint) && complaint.isEmpty()) {
      return event;
    }
    throw new AssertionError(parsed);
  }

  private void poll(Service service) {
    mailbox.add(new Event.SignalsRead(service.name(), world.read(service)));
    service
        .workload()
        .flatMap(world.cluster()::workload)
        .ifPresent(seen -> mailbox.add(new Event.WorkloadSeen(service.name(), seen)));
  }

  private void obey(Command command) {
    MemoryCluster cluster = world.cluster();
    switch (command) {
      case Command.Observe(var service, var id, var target) ->
          ask(service, id, () -> new Event.Observed(service, id, cluster.observe(target)));
      case Command.Preflight(var service, var id, var plan, var annotated) ->
          ask(
              service,
              id,
              () ->
                  new Event.Preflighted(
                      service,
                      id,
                      cluster.preflight(id, plan),
                      annotated.flatMap(cluster::workload)));
      case Command.Apply(var service, var id, var plan, _) ->
          mailbox.add(new Event.ActionFinished(service, id, cluster.apply(id, plan)));
      case Command.Inspect(var service, var id, var plan) ->
          ask(service, id, () -> new Event.Inspected(service, id, cluster.inspect(id, plan)));
      case Command.Settle(var service, var id, var plan) ->
          ask(service, id, () -> new Event.SettlementSeen(service, id, cluster.settle(id, plan)));
      case Command.Notify(var channel, var owed) ->
          owed.forEach(
              notice ->
                  mailbox.add(
                      new Event.NoticeDelivered(
                          notice.incident(), notice.number(), channel, Optional.empty())));
    }
  }

  private void ask(String service, ActionId id, Supplier<Event> question) {
    try {
      mailbox.add(question.get());
    } catch (ClusterUnavailable e) {
      mailbox.add(new Event.ClusterSilent(service, id, String.valueOf(e.getMessage())));
    }
  }

  State state() {
    return state;
  }

  List<Incident> incidents() {
    return Stream.concat(
            state.closedIncidents().stream(),
            state.services().stream().map(ServiceState::incident).flatMap(Optional::stream))
        .toList();
  }
}
