package dev.belay.app;

import dev.belay.console.ApiRoutes;
import dev.belay.console.ConsoleRoutes;
import dev.belay.console.DocumentRoutes;
import dev.belay.console.Elsewhere;
import dev.belay.console.FactLog;
import dev.belay.console.FactMeters;
import dev.belay.console.HealthRoutes;
import dev.belay.console.Memory;
import dev.belay.console.MetricsRoute;
import dev.belay.console.NewsStream;
import dev.belay.console.Readings;
import dev.belay.console.ReloadRoute;
import dev.belay.console.SourceRoute;
import dev.belay.console.WhoRoute;
import dev.belay.core.access.Rights;
import dev.belay.core.engine.Core;
import dev.belay.core.engine.Event;
import dev.belay.core.engine.Input;
import dev.belay.core.engine.InputState;
import dev.belay.core.engine.Sentences;
import dev.belay.core.engine.Settings;
import dev.belay.core.incident.Evidence;
import dev.belay.core.incident.Incident;
import dev.belay.core.rule.Fleet;
import dev.belay.core.rule.Service;
import dev.belay.intake.http.Authentication;
import dev.belay.intake.http.IntakeRoutes;
import dev.belay.intake.http.Role;
import dev.belay.intake.http.SiteGuard;
import dev.belay.intake.kafka.KafkaReleases;
import dev.belay.intake.probe.ProbeVerticle;
import dev.belay.intake.prometheus.PrometheusSignals;
import dev.belay.intake.slack.SlackAnswers;
import dev.belay.port.Inbox;
import dev.belay.port.Journal;
import dev.belay.port.Notifier;
import dev.belay.port.Queries;
import dev.belay.port.Round;
import dev.belay.port.SignalSource;
import dev.belay.rules.yaml.Nearest;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.micrometer.MicrometerMetricsFactory;
import io.vertx.micrometer.MicrometerMetricsOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The whole daemon, wired in one straight line: each part is registered for closing the moment that
 * it exists, and closed in the reverse order. Intake opens last and closes first.
 */
public final class Daemon implements AutoCloseable {
  private static final int EVENT_LOOPS = 2;
  private static final long START_SECONDS = 30;
  private static final long SAMPLE_MILLIS = 2_000;
  private static final long SILENCE_MILLIS = 1_000;

  /** What Belay's time may be ahead of the machine's before people are told. */
  private static final Duration AHEAD = Duration.ofMinutes(1);

  /** How often it is seen to that what ran well is kept. */
  private static final Duration BASELINES = Duration.ofSeconds(5);

  /** What is not written down of charts so long after the daemon was told to stop is given up. */
  private static final Duration CHARTS = Duration.ofSeconds(3);

  private final Closers closers;
  private final EngineLoop engine;
  private final Consumer<Router> routes;
  private final int port;
  private final CompletableFuture<Throwable> death;
  private final AtomicBoolean leaving;

  private Daemon(
      Closers closers,
      EngineLoop engine,
      Consumer<Router> routes,
      int port,
      CompletableFuture<Throwable> death,
      AtomicBoolean leaving) {
    this.closers = closers;
    this.engine = engine;
    this.routes = routes;
    this.port = port;
    this.death = death;
    this.leaving = leaving;
  }

  /**
   * Starts the daemon; it is ready when this returns.
   *
   * @throws dev.belay.port.JournalFailed where the journal cannot be used
   * @throws StartFailed where it cannot listen
   */
  public static Daemon start(Parts parts) {
    Closers closers = new Closers();
    try {
      return start(parts, closers);
    } catch (RuntimeException | Error e) {
      closers.close();
      throw e;
    }
  }

  private static Daemon start(Parts given, Closers closers) {
    Parts parts = given.with(given.rules().orObserving());
    CompletableFuture<Throwable> death = new CompletableFuture<>();
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    closers.add("metrics", registry::close);
    closers.add("process metrics", ProcessMeters.bind(registry));

    Journal journal = closers.add("journal", parts.journal());
    List<String> channels = parts.notifiers().stream().map(Notifier::channel).toList();
    FactMeters meters = new FactMeters(registry, parts.version(), parts.digest(), channels);
    FactLog log = new FactLog();
    Core core =
        new Core(
            parts.rules().measured(measuresOtherwise(parts)),
            listening(parts),
            UUID.randomUUID().toString(),
            channels);
    Roster roster = closers.add("roster", new Roster(parts.rules()));
    Memory memory = new Memory(journal::read, parts.clock().instant());
    NewsStream news = new NewsStream();
    Readings readings = new Readings(roster::service, parts.clock());
    SteadyClock clock = new SteadyClock(parts.clock(), System::nanoTime);
    EngineLoop engine =
        new EngineLoop(
            core,
            journal,
            clock,
            (last, entries) -> {
              meters.accept(entries);
              log.accept(entries);
              roster.accept(entries);
              memory.accept(entries);
              readings.accept(entries);
              news.accept(last, entries);
              parts.watcher().accept(entries);
            },
            death::complete,
            new EngineMeters(registry),
            parts.settings().alertRoom());
    closers.add("engine", engine);
    // Among the last that the engine hears.
    closers.add("charts", () -> readings.end(engine, CHARTS));
    EngineMeters.follow(engine, registry);

    for (Notifier notifier : parts.notifiers()) {
      closers.add("the channel " + notifier.channel(), notifier);
    }
    Crier crier =
        closers.add(
            "notices", new Crier(parts.notifiers(), engine, conversations(engine), parts.clock()));
    Actuator actuator =
        closers.add("actuator", new Actuator(parts.cluster(), engine, crier, clock::now));
    engine.start(actuator);
    List<InputState> inputs =
        Objects.requireNonNull(
            await(
                engine.ask(
                    state -> {
                      roster.begin(state);
                      memory.begin(state);
                      readings.begin(state);
                      return state.inputs();
                    }),
                "cannot tell the services",
                ""));

    Inbox read = readings.before(engine);
    WorkloadLookout workloads =
        closers.add(
            "lookout at workloads",
            new WorkloadLookout(
                looked(parts, roster.services()),
                searched(parts),
                parts.cluster(),
                engine,
                engine));
    workloads.start(parts.workloadPause());
    BaselineKeeper keeper = closers.add("baselines", new BaselineKeeper(parts.baselines(), engine));
    keeper.follow(looked(parts, roster.services()));
    keeper.start(BASELINES);
    Optional<PrometheusSignals> prometheus =
        parts
            .prometheus()
            .map(
                settings ->
                    closers.add(
                        "prometheus", new PrometheusSignals(settings, registry, parts.clock())));
    List<Round> evaluations =
        prometheus.map(it -> it.evaluations(parts.rules().alertRules())).orElse(List.of());
    Lookout lookout =
        closers.add(
            "lookout at signals",
            new Lookout(rounds(parts, prometheus, evaluations, roster.services()), read, clock));
    lookout.start(parts.signalPause());

    Vertx vertx = vertx(registry);
    closers.add(
        "http", () -> await(vertx.close().toCompletionStage(), "cannot stop listening", ""));
    // Whoever reads it would else keep the server from stopping.
    closers.add("stream", news);
    vertx.setPeriodic(0, SAMPLE_MILLIS, _ -> meters.sample(engine));
    ProbeVerticle probes =
        new ProbeVerticle(
            roster.services(),
            measuresOtherwise(parts),
            concerned(inputs, Input.PROBES),
            ProbeVerticle.SIGNS,
            read,
            clock::now,
            registry);
    await(vertx.deployVerticle(probes).toCompletionStage(), "cannot probe", "");
    roster.follow(services -> workloads.follow(looked(parts, services)));
    roster.follow(services -> keeper.follow(looked(parts, services)));
    roster.follow(services -> lookout.take(rounds(parts, prometheus, evaluations, services)));
    roster.follow(probes::follow);
    Optional<KafkaReleases> kafka =
        parts
            .kafka()
            .filter(settings -> !settings.topics().isEmpty())
            .map(
                settings ->
                    closers.add(
                        "kafka",
                        KafkaReleases.start(
                            settings, engine, engine, clock::now, parts.limits(), registry)));
    closers
        .add(
            "signs of life",
            new Lookout(
                signs(parts, workloads, kafka, prometheus, concerned(inputs, Input.SCRAPES)),
                engine,
                clock))
        .start(parts.signalPause());
    List<HealthRoutes.Check> checks = new ArrayList<>(checks(engine, journal, workloads, crier));
    AtomicBoolean leaving = new AtomicBoolean();
    checks.add(
        new HealthRoutes.Check(
            "leaving", true, () -> trouble(leaving.get(), "it was told to stop")));
    kafka.ifPresent(
        releases -> checks.add(new HealthRoutes.Check("kafka", false, releases::trouble)));
    prometheus.ifPresent(
        source -> checks.add(new HealthRoutes.Check("prometheus", false, source::trouble)));
    if (!(parts.cluster() instanceof NoCluster)) {
      RightsCheck rights =
          closers.add(
              "rights",
              new RightsCheck(
                  parts.cluster(), Rights.asked(parts.rules(), parts.settings().mode()), registry));
      rights.start(RightsCheck.PAUSE);
      checks.add(new HealthRoutes.Check("rights", false, rights::trouble));
    }
    Optional<SlackAnswers> slack =
        parts
            .slack()
            .map(
                intake ->
                    closers.add(
                        "slack's answers",
                        SlackAnswers.start(
                            intake, engine, engine, parts.clock(), SlackAnswers.PAUSE, registry)));
    slack.ifPresent(
        answers -> checks.add(new HealthRoutes.Check("slack", false, answers::trouble)));
    parts
        .reload()
        .ifPresent(
            reload -> {
              ReloadMeters.bind(reload, registry);
              checks.add(
                  new HealthRoutes.Check(
                      "configuration",
                      false,
                      // Anybody may ask; what people wrote is for those who may read it.
                      () ->
                          trouble(
                              reload.trouble().isPresent(),
                              "what was read last is not in force; GET /api/v1/rules/source"
                                  + " says why, and the log")));
            });
    Consumer<Router> routes =
        routes(
            parts,
            core,
            clock,
            roster,
            engine,
            checks,
            slack,
            registry,
            List.of(
                news::mount,
                memory::mount,
                readings::mount,
                new SourceRoute(source(parts, parts.clock().instant()))::mount));
    int port = listen(parts, routes, vertx);
    return new Daemon(closers, engine, routes, port, death, leaving);
  }

  /**
   * Everything that is served, behind one gate but for health, which probes ask without a name. The
   * doors stand at the gate by themselves, as they bound a body's size before it.
   */
  private static Consumer<Router> routes(
      Parts parts,
      Core core,
      SteadyClock clock,
      Roster roster,
      EngineLoop engine,
      List<HealthRoutes.Check> checks,
      Optional<SlackAnswers> slack,
      PrometheusMeterRegistry registry,
      List<Consumer<Router>> views) {
    IntakeRoutes intake =
        new IntakeRoutes(
            engine,
            event -> stranger(core, event).map(why -> stranger(why, roster.services())),
            clock::now,
            parts.clock(),
            parts.limits(),
            parts.authentication(),
            registry);
    ApiRoutes api =
        new ApiRoutes(engine, engine, parts.rules(), parts.clock(), parts.version(), Daemon::user);
    WhoRoute who = new WhoRoute(Daemon::user, Daemon::role);
    SiteGuard sites = parts.authentication().sites();
    HealthRoutes health =
        new HealthRoutes(engine::sinceProgress, checks, !parts.authentication().open());
    return router -> {
      health.mount(router);
      new Elsewhere().mount(router);
      router.route().handler(sites);
      intake.mount(router);
      slack.ifPresent(answers -> answers.mount(router));
      router.route().handler(parts.authentication());
      slack.ifPresent(answers -> answers.refuseOtherMethods(router));
      api.mount(router);
      parts
          .reload()
          .ifPresent(reload -> new ReloadRoute(reload::reload, Daemon::user).mount(router));
      views.forEach(view -> view.accept(router));
      who.mount(router);
      new ConsoleRoutes().mount(router);
      health.mountApi(router);
      new DocumentRoutes(ApiDocuments.byPath()).mount(router);
      new MetricsRoute(registry).mount(router);
      parts.pages().forEach(page -> page.mount(router));
    };
  }

  /** What the rules were read from: by what can read them anew, or once at the start. */
  private static Supplier<SourceRoute.Source> source(Parts parts, Instant start) {
    return () ->
        parts
            .reload()
            .map(
                reload ->
                    new SourceRoute.Source(
                        parts.digest(), reload.lastSuccess(), reload.trouble(), true))
            .orElseGet(
                () -> new SourceRoute.Source(parts.digest(), start, Optional.empty(), false));
  }

  private static Optional<String> user(RoutingContext context) {
    return Optional.ofNullable(context.get(Authentication.USER));
  }

  private static String role(RoutingContext context) {
    Role role = context.get(Authentication.ROLE);
    return (role == null ? Role.VIEWER : role).word();
  }

  /** The services with those of their triggers that their probes do not measure. */
  private static List<Service> unprobed(Parts parts, List<Service> services) {
    return services.stream()
        .map(
            service ->
                service.withTriggers(
                    trigger ->
                        !service.measuring().probes(trigger.signal(), measuresOtherwise(parts))))
        .toList();
  }

  private static boolean measuresOtherwise(Parts parts) {
    return parts.signals().isPresent() || parts.prometheus().isPresent();
  }

  /** Where any service may be probed, that is listened to, too; a reload begins anew. */
  private static Settings listening(Parts parts) {
    Settings settings = parts.settings();
    return parts.rules().probed(measuresOtherwise(parts))
        ? settings.withListening(settings.listening().withProbes())
        : settings;
  }

  /** The services for which the input ails. */
  private static Set<String> concerned(List<InputState> inputs, Input input) {
    return inputs.stream()
        .filter(known -> known.input() == input)
        .flatMap(known -> known.services().stream())
        .flatMap(List::stream)
        .collect(Collectors.toUnmodifiableSet());
  }

  /** Who has switched the cluster off has not lost it. */
  private static List<Service> looked(Parts parts, List<Service> services) {
    return parts.cluster() instanceof NoCluster ? List.of() : services;
  }

  private static List<Fleet> searched(Parts parts) {
    return parts.cluster() instanceof NoCluster ? List.of() : parts.rules().fleets();
  }

  private static Optional<Evidence> stranger(Core core, Event event) {
    return switch (event) {
      case Event.ReleaseReceived(var release) -> core.stranger(release);
      case Event.ShipmentReceived(var shipment) -> core.stranger(shipment);
      default -> Optional.empty();
    };
  }

  /** Why a release is of no interest, for whoever announced it. */
  private static String stranger(Evidence why, List<Service> services) {
    List<String> names = services.stream().map(Service::name).toList();
    String none = "no " + why.what() + " of the rules is \"" + why.value() + "\"";
    return switch (why.what()) {
      case "service" ->
          none
              + Nearest.to(why.value(), names)
                  .map(name -> "; did you mean \"" + name + "\"?")
                  .orElse("; write a rule for it, or announce it by the name that its rule has");
      case "environment" ->
          none + "; announce it with the environment of the service's workload, or with none";
      default ->
          "no service of the rules is meant by \""
              + why.value()
              + "\", by its name or its workload; write announced_as: { "
              + why.what()
              + ": "
              + why.value()
              + " } into the rule of the service that it is";
    };
  }

  private static List<HealthRoutes.Check> checks(
      EngineLoop engine, Journal journal, WorkloadLookout workloads, Crier crier) {
    return List.of(
        new HealthRoutes.Check(
            "engine",
            true,
            () -> trouble(!engine.accepting() && !engine.shedding(), "it takes no events")),
        new HealthRoutes.Check(
            "journal",
            true,
            () ->
                trouble(
                    engine.shedding() || !journal.writable(),
                    "nothing can be written; free space on its disk")),
        new HealthRoutes.Check(
            "alerts",
            true,
            () ->
                trouble(
                    engine.crowded(),
                    "so many alerts fire that new ones are refused; give the JVM more memory, or"
                        + " send fewer")),
        new HealthRoutes.Check(
            "clock",
            false,
            () ->
                trouble(
                    engine.ahead().compareTo(AHEAD) > 0,
                    "the machine's clock was put back by "
                        + Sentences.duration(engine.ahead())
                        + "; Belay's time goes slower until it has caught up")),
        new HealthRoutes.Check("cluster", false, workloads::trouble),
        new HealthRoutes.Check("inputs", false, () -> silence(engine)),
        new HealthRoutes.Check("notices", false, crier::trouble));
  }

  /**
   * Of the inputs of which signs of life are expected, but for alerts and probes, which give their
   * own.
   */
  private static List<Round> signs(
      Parts parts,
      WorkloadLookout workloads,
      Optional<KafkaReleases> kafka,
      Optional<PrometheusSignals> prometheus,
      Set<String> unscraped) {
    List<SignsOfLife> signs = new ArrayList<>();
    signs.add(new SignsOfLife(Input.CLUSTER, workloads::silence));
    kafka.ifPresent(releases -> signs.add(new SignsOfLife(Input.KAFKA, releases::silence)));
    prometheus.ifPresent(source -> signs.add(new SignsOfLife(Input.PROMETHEUS, source::silence)));
    Set<Input> expected = parts.settings().listening().silentAfter().keySet();
    List<Round> rounds = new ArrayList<>();
    signs.stream().filter(sign -> expected.contains(sign.input())).forEach(rounds::add);
    prometheus
        .filter(_ -> expected.contains(Input.SCRAPES))
        .ifPresent(source -> rounds.add(source.scrapes(unscraped)));
    return List.copyOf(rounds);
  }

  /** What is silent, as the engine has it; where it gives no answer, another check says so. */
  private static Optional<String> silence(Queries queries) {
    return queries
        .ask(
            state ->
                state.silent().stream().map(InputState::silence).collect(Collectors.joining(", ")))
        .toCompletableFuture()
        .completeOnTimeout("", SILENCE_MILLIS, TimeUnit.MILLISECONDS)
        .exceptionally(_ -> "")
        .thenApply(silent -> trouble(!silent.isEmpty(), "nothing is heard of " + silent))
        .join();
  }

  private static List<Round> rounds(
      Parts parts,
      Optional<PrometheusSignals> prometheus,
      List<Round> evaluations,
      List<Service> services) {
    List<Round> rounds = new ArrayList<>(evaluations);
    Stream.<SignalSource>concat(parts.signals().stream(), prometheus.stream())
        .forEach(source -> rounds.addAll(source.rounds(unprobed(parts, services))));
    return List.copyOf(rounds);
  }

  private static Optional<String> trouble(boolean is, String what) {
    return is ? Optional.of(what) : Optional.empty();
  }

  private static Vertx vertx(PrometheusMeterRegistry registry) {
    return Vertx.builder()
        .with(
            new VertxOptions()
                .setEventLoopPoolSize(EVENT_LOOPS)
                .setPreferNativeTransport(true)
                .setMetricsOptions(new MicrometerMetricsOptions().setEnabled(true)))
        .withMetrics(new MicrometerMetricsFactory(registry))
        .build();
  }

  private static int listen(Parts parts, Consumer<Router> routes, Vertx vertx) {
    CompletableFuture<Integer> bound = new CompletableFuture<>();
    await(
        vertx
            .deployVerticle(
                () -> new HttpServerVerticle(parts.host(), parts.port(), routes, bound::complete),
                new DeploymentOptions().setInstances(EVENT_LOOPS))
            .toCompletionStage(),
        "cannot listen on " + parts.host() + ":" + parts.port(),
        "; end the program that holds the address, or have Belay listen at another port");
    return bound.join();
  }

  private static <T> @Nullable T await(CompletionStage<T> stage, String failure, String remedy) {
    try {
      return stage.toCompletableFuture().get(START_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StartFailed(failure + ": interrupted", e);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new StartFailed(failure + ": " + cause.getMessage() + remedy, e);
    } catch (TimeoutException e) {
      throw new StartFailed(failure + " within " + START_SECONDS + " s", e);
    }
  }

  /** The conversations that open incidents already have, from before a restart. */
  private static Function<String, Function<String, Optional<String>>> conversations(
      Queries queries) {
    return channel ->
        incident ->
            queries
                .ask(
                    state ->
                        state
                            .incident(incident)
                            .map(Incident::threads)
                            .flatMap(threads -> Optional.ofNullable(threads.get(channel))))
                .toCompletableFuture()
                .exceptionally(_ -> Optional.empty())
                .join();
  }

  /** Mounts on one more router what each event loop's server serves. */
  void mount(Router router) {
    routes.accept(router);
  }

  /** Where events go. */
  public Inbox inbox() {
    return engine;
  }

  /** What is known. */
  public Queries queries() {
    return engine;
  }

  /** The port that it listens on. */
  public int port() {
    return port;
  }

  /** Completes when the daemon cannot go on, with the cause. */
  public CompletionStage<Throwable> death() {
    return death;
  }

  /** From now on it says that it is not ready, and works on as before. */
  public void unready() {
    leaving.set(true);
  }

  /** Stops: takes nothing more, decides on what waits, closes everything. */
  @Override
  public void close() {
    unready();
    closers.close();
  }
}
