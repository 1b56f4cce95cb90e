package dev.belay.console;

import dev.belay.core.engine.Fact;
import dev.belay.core.engine.Run;
import dev.belay.core.engine.ServiceState;
import dev.belay.core.engine.State;
import dev.belay.core.incident.Incident;
import dev.belay.core.release.Workload;
import dev.belay.core.rule.Fleets;
import dev.belay.core.rule.RuleSet;
import dev.belay.core.rule.Service;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The routes that only read. Views are made on the engine's thread, so that no State leaves it. */
final class Reads {
  private static final int DECISIONS_DEFAULT = 1_000;

  private final Asking asking;
  private final Supplier<RuleSet> rules;
  private final String version;

  Reads(Asking asking, Supplier<RuleSet> rules, String version) {
    this.asking = asking;
    this.rules = rules;
    this.version = version;
  }

  private record Incidents(List<IncidentView> incidents) {}

  private record IncidentDetail(
      IncidentView incident,
      List<LeaseView> leases,
      List<TimelineView> timeline,
      long timelineLeftOut) {}

  private record Releases(List<ReleaseView> releases) {}

  private record Decisions(List<DecisionView> decisions, Optional<Instant> next) {}

  private record Leases(List<LeaseView> leases) {}

  private record Services(List<ServiceView> services, int total) {}

  private record Found(IncidentView incident, List<LeaseView> leases, Asking.Window window) {}

  void mount(Mounting api) {
    api.get("/api/v1/incidents", this::incidents);
    api.get("/api/v1/incidents/:id", this::incident);
    api.get("/api/v1/releases", this::releases);
    api.get("/api/v1/rules", _ -> Future.succeededFuture(Answer.ok(RulesView.of(rules.get()))));
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
                  .story(ctx, id, known.window())
                  .map(
                      story ->
                          new IncidentDetail(
                              known.incident(),
                              known.leases(),
                              story.facts().stream().map(TimelineView::of).toList(),
                              story.leftOut()));
            })
        .map(Answer::ok);
  }

  static Refusal unknown(String incident) {
    return new Refusal(
        404,
        "No incident "
            + Printable.of(incident)
            + " is remembered; GET /api/v1/incidents lists those that are.");
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
                                    .map(release -> ReleaseView.of(known.name(), release)))
                        .sorted(Comparator.comparing(ReleaseView::startedAt).reversed())
                        .limit(limit)
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
            : asking.state(ctx, state -> PastDecisions.remembered(state.decisions(), limit, asked));
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
    Fleets fleets = new Fleets(rules.get());
    return asking
        .state(
            ctx,
            state -> {
              SortedMap<String, Optional<Workload>> names = names(state, fleets);
              List<String> asked =
                  names.keySet().stream()
                      .filter(name -> query.map(folded(name)::contains).orElse(true))
                      .toList();
              Stream<String> ordered = troubleFirst ? troubleFirst(asked, state) : asked.stream();
              return new Services(
                  ordered
                      .skip(offset)
                      .limit(limit)
                      .map(
                          name ->
                              ServiceView.of(
                                  name,
                                  names
                                      .getOrDefault(name, Optional.empty())
                                      .map(Workload::toString),
                                  state))
                      .toList(),
                  asked.size());
            })
        .map(Answer::ok);
  }

  private static String folded(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  private static SortedMap<String, Optional<Workload>> names(State state, Fleets fleets) {
    SortedMap<String, Optional<Workload>> names = new TreeMap<>();
    for (Service service : fleets.services(state.found().values())) {
      names.put(service.name(), service.workload());
    }
    state.services().forEach(known -> names.putIfAbsent(known.name(), Optional.empty()));
    return names;
  }

  private static Stream<String> troubleFirst(List<String> names, State state) {
    Map<Boolean, List<String>> parted =
        names.stream()
            .collect(
                Collectors.partitioningBy(
                    name -> state.service(name).filter(ServiceView::troubled).isPresent()));
    return Stream.concat(
        parted.getOrDefault(true, List.of()).stream(),
        parted.getOrDefault(false, List.of()).stream());
  }

  private Future<Answer> status(RoutingContext ctx) {
    return asking.state(ctx, state -> StatusView.of(state, version)).map(Answer::ok);
  }
}
