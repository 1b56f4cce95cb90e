package dev.belay.console;

import dev.belay.core.engine.Fact;
import dev.belay.core.engine.Run;
import dev.belay.core.engine.ServiceState;
import dev.belay.core.engine.State;
import dev.belay.core.incident.Incident;
import dev.belay.core.release.Release;
import dev.belay.core.rule.RuleSet;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The routes that only read. Views are made on the engine's thread, so that no State leaves it. */
final class Reads {
  private static final int DECISIONS_DEFAULT = 1_000;

  private final Asking asking;
  private final RuleSet rules;
  private final Known known;
  private final String version;

  Reads(Asking asking, RuleSet rules, String version) {
    this.asking = asking;
    this.rules = rules;
    this.known = Known.of(rules);
    this.version = version;
  }

  private record Incidents(List<IncidentView> incidents) {}

  private record IncidentDetail(
      IncidentView incident,
      List<LeaseView> leases,
      List<ChartView> charts,
      List<TimelineView> timeline,
      long timelineLeftOut) {}

  private record Releases(List<ReleaseView> releases) {}

  private record Shipped(ServiceState service, Release release) {
    Instant at() {
      return release.startedAt();
    }
  }

  private record Decisions(List<DecisionView> decisions, Optional<Instant> next) {}

  private record Leases(List<LeaseView> leases) {}

  private record Services(List<ServiceView> services, int total) {}

  private record Found(IncidentView incident, List<LeaseView> leases, Asking.Window window) {}

  void mount(Mounting api) {
    api.get("/api/v1/incidents", this::incidents);
    api.get("/api/v1/incidents/:id", this::incident);
    api.get("/api/v1/releases", this::releases);
    api.get("/api/v1/rules", _ -> Future.succeededFuture(Answer.ok(RulesView.of(rules))));
    api.get("/api/v1/decisions", this::decisions);
    api.get("/api/v1/leases", this::leases);
    api.get("/api/v1/services", this::services);
    api.get("/api/v1/status", this::status);
  }

  private Future<Answer> incidents(RoutingContext ctx) {
    int limit = Params.limit(ctx);
    Optional<String> service = Params.text(ctx, "service");
    Optional<Boolean> open = Params.choice(ctx, "state", "open", "closed");
    Predicate<Incident> asked =
        incident ->
            service.map(incident.service()::equals).orElse(true)
                && open.map(wanted -> wanted == incident.open()).orElse(true);
    boolean urgent = Params.choice(ctx, "order", "urgent", "newest").filter(it -> it).isPresent();
    Instant now = asking.now();
    return asking
        .state(
            ctx,
            state ->
                new Incidents(
                    (urgent ? urgentFirst(state) : newestFirst(state))
                        .filter(asked)
                        .limit(limit)
                        .map(incident -> IncidentView.of(incident, state, now))
                        .toList()))
        .map(Answer::ok);
  }

  /** The open ones, and then those that are over. */
  private static Stream<Incident> newestFirst(State state) {
    Stream<Incident> open =
        state.services().stream()
            .flatMap(service -> service.incident().stream())
            .sorted(Comparator.comparing(Incident::openedAt).reversed());
    return Stream.concat(open, new ArrayList<>(state.closedIncidents()).reversed().stream());
  }

  /**
   * First those that wait for a person's answer, the one that waits least long at the top; then
   * those with which nothing is done; then the others.
   */
  private static Stream<Incident> urgentFirst(State state) {
    return newestFirst(state)
        .sorted(
            Comparator.comparingInt((Incident incident) -> urgency(incident, state))
                .thenComparing(
                    incident -> run(incident, state).map(Run::deadline).orElse(Instant.MAX)));
  }

  private static int urgency(Incident incident, State state) {
    if (!incident.open()) {
      return 3;
    }
    return run(incident, state)
        .map(run -> RunView.answers(run.phase()).contains("approve") ? 0 : 2)
        .orElse(1);
  }

  private static Optional<Run> run(Incident incident, State state) {
    return state
        .service(incident.service())
        .flatMap(ServiceState::run)
        .filter(run -> run.incident().equals(incident.id()));
  }

  private Future<Answer> incident(RoutingContext ctx) {
    String id = Params.path(ctx, "id");
    Instant now = asking.now();
    return asking
        .state(ctx, state -> find(state, id, now))
        .compose(
            found -> {
              Found known = found.orElseThrow(() -> unknown(id));
              return asking
                  .incident(ctx, id, known.window())
                  .map(
                      story ->
                          new IncidentDetail(
                              known.incident(),
                              known.leases(),
                              story.courses().stream().map(ChartView::of).toList(),
                              TimelineView.all(story.sentences()),
                              story.leftOut()));
            })
        .map(Answer::ok);
  }

  static Refusal unknown(String incident) {
    return new Refusal(
        404,
        "No incident "
            + Printable.of(incident)
            + " is remembered; the list of incidents has those that are.");
  }

  private Optional<Found> find(State state, String id, Instant now) {
    return state
        .incident(id)
        .flatMap(
            incident ->
                asking
                    .around(state, id)
                    .map(
                        window ->
                            new Found(
                                IncidentView.of(incident, state, now),
                                leasesOf(state, now)
                                    .filter(lease -> lease.incident().equals(id))
                                    .toList(),
                                window)));
  }

  private Future<Answer> releases(RoutingContext ctx) {
    int limit = Params.limit(ctx);
    Optional<String> service = Params.text(ctx, "service");
    return asking
        .state(
            ctx,
            state ->
                new Releases(
                    state.services().stream()
                        .filter(known -> service.map(known.name()::equals).orElse(true))
                        .flatMap(
                            known ->
                                known.releases().stream()
                                    .map(release -> new Shipped(known, release)))
                        .sorted(Comparator.comparing(Shipped::at).reversed())
                        .limit(limit)
                        .map(shipped -> ReleaseView.of(shipped.service(), shipped.release()))
                        .toList()))
        .map(Answer::ok);
  }

  private Future<Answer> decisions(RoutingContext ctx) {
    int limit = Params.limit(ctx, DECISIONS_DEFAULT);
    Optional<Boolean> act = Params.choice(ctx, "act", "true", "false");
    Optional<String> reason = Params.text(ctx, "reason");
    Optional<String> service = Params.text(ctx, "service");
    Optional<Instant> before = Params.instant(ctx, "before");
    Predicate<Fact.Decided> asked =
        made ->
            act.map(wanted -> wanted == made.act()).orElse(true)
                && reason.map(made.reason().label()::equals).orElse(true)
                && service.map(made.service()::equals).orElse(true);
    Future<PastDecisions.Page> page =
        before.isPresent()
            ? asking.past(ctx, before.get(), limit, asked)
            : asking.state(
                ctx,
                state ->
                    PastDecisions.remembered(
                        state.decisions(), state.remembersAllDecisions(), limit, asked));
    return page.map(
        found ->
            Answer.ok(
                new Decisions(
                    found.decisions().stream().map(DecisionView::of).toList(), found.next())));
  }

  private Future<Answer> leases(RoutingContext ctx) {
    Instant now = asking.now();
    return asking.state(ctx, state -> new Leases(leasesOf(state, now).toList())).map(Answer::ok);
  }

  private static Stream<LeaseView> leasesOf(State state, Instant now) {
    return state.services().stream()
        .flatMap(
            service ->
                service.leases().stream().map(lease -> LeaseView.of(service.name(), lease, now)));
  }

  private Future<Answer> services(RoutingContext ctx) {
    Optional<String> query = Params.text(ctx, "query").map(Reads::folded);
    boolean troubleFirst =
        Params.choice(ctx, "order", "trouble", "name").filter(wanted -> wanted).isPresent();
    int offset = Params.offset(ctx);
    int limit = Params.limit(ctx, Integer.MAX_VALUE);
    return asking
        .state(
            ctx,
            state -> {
              SortedSet<String> names = names(state, known);
              if (query.isPresent()) {
                names.removeIf(name -> !folded(name).contains(query.get()));
              }
              Stream<String> ordered = troubleFirst ? troubleFirst(names, state) : names.stream();
              return new Services(
                  ordered
                      .skip(offset)
                      .limit(limit)
                      .map(name -> ServiceView.of(name, known.workload(name, state), state))
                      .toList(),
                  names.size());
            })
        .map(Answer::ok);
  }

  private static String folded(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  /** Every service's name: of the rules, found by fleets, or remembered. */
  private static SortedSet<String> names(State state, Known known) {
    SortedSet<String> names = new TreeSet<>(known.names());
    for (String found : state.found().keySet()) {
      if (known.fleets().serviceOf(state.found().get(found)).isPresent()) {
        names.add(found);
      }
    }
    for (ServiceState service : state.services()) {
      if (!known.written().containsKey(service.name())) {
        names.add(service.name());
      }
    }
    return names;
  }

  private static Stream<String> troubleFirst(SortedSet<String> names, State state) {
    Set<String> troubled = new LinkedHashSet<>();
    for (ServiceState service : state.services()) {
      if (ServiceView.troubled(service) && names.contains(service.name())) {
        troubled.add(service.name());
      }
    }
    return Stream.concat(
        troubled.stream(), names.stream().filter(name -> !troubled.contains(name)));
  }

  private Future<Answer> status(RoutingContext ctx) {
    return asking.state(ctx, state -> StatusView.of(state, version)).map(Answer::ok);
  }
}
