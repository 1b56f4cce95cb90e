package dev.belay.sandbox;

import dev.belay.core.incident.Reason;
import dev.belay.core.rule.Signal;
import dev.belay.core.rule.Trigger;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The stories that the sandbox can play, as data. Each fits into half a minute. */
public enum Scenario {
  /** A good release, then a bad one: Belay goes back to the good one, once. */
  BAD_RELEASE("a bad release is rolled back, once", Duration.ofSeconds(28)),

  /** Too much load: a flag helps a little, a limit helps; in the end all is as it was. */
  OVERLOAD("load is shed step by step, and everything put back", Duration.ofSeconds(30)),

  /** The trouble began before the release: the release is not to blame. */
  OLD_ALERT("trouble that is older than the release is not blamed on it", Duration.ofSeconds(18)),

  /** The metrics vanish while a trigger is pending: not known is not sick. */
  METRICS_GONE("no verdict on a release without metrics", Duration.ofSeconds(20)),

  /** Two hundred services in trouble at once: that is not one bad release. */
  ALERT_STORM("a storm of alerts brakes, it does not roll back a fleet", Duration.ofSeconds(22));

  private static final Duration AGE = Duration.ofHours(1);
  private static final Duration STEP = Duration.ofSeconds(10);
  private static final int FLEET = 200;
  private static final int WAVES = 4;
  private static final String FOLDER = "/dev/belay/sandbox/rules/";

  private final String title;
  private final Duration length;

  Scenario(String title, Duration length) {
    this.title = title;
    this.length = length;
  }

  /** Its name on the command line, such as {@code bad-release}. */
  public String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** What it shows, in a few words. */
  public String title() {
    return title;
  }

  /** How long it takes. */
  public Duration length() {
    return length;
  }

  /** What happens when, in order of time. */
  public List<Scene> script() {
    return switch (this) {
      case BAD_RELEASE ->
          List.of(
              scene(1, "covet v1.1 is shipped, and runs well", ship("v1.1", "covet:good-1.1")),
              // Time enough to learn that v1.1 is good, on a machine that has other things to do
              // too.
              scene(
                  10,
                  "covet v1.2 is shipped; it fails many requests",
                  ship("v1.2", "covet:bad-1.2")));
      case OVERLOAD ->
          List.of(
              scene(2, "everybody comes at once", new Deed.Load("covet", 420)),
              scene(12, "they leave again", new Deed.Load("covet", 150)));
      case OLD_ALERT ->
          List.of(
              scene(5, "a dependency of covet fails", new Deed.DependencyFails("covet", 0.3)),
              scene(9, "covet v1.1 is shipped meanwhile", ship("v1.1", "covet:good-1.1")));
      case METRICS_GONE ->
          List.of(
              scene(
                  6,
                  "covet v1.1 is shipped; it fails many requests",
                  ship("v1.1", "covet:bad-1.1")),
              scene(8, "Prometheus is lost", new Deed.Metrics(false)));
      case ALERT_STORM -> storm();
    };
  }

  /** What must be true when it is over. */
  public List<Expectation> expectations() {
    return switch (this) {
      case BAD_RELEASE ->
          List.of(
              expect("exactly one rollback", ending -> ending.effects("rollback") == 1),
              expect(
                  "nothing else was changed",
                  ending -> ending.world().cluster().effects().size() == 1),
              expect("v1.1 runs again", ending -> runs(ending, "covet:good-1.1")),
              expect("covet fails no requests", ending -> traffic(ending).errorRate() < 0.01),
              expect(
                  "one incident, closed as verified",
                  ending -> ending.incidents().size() == 1 && ending.closed(Reason.VERIFIED) == 1));
      case OVERLOAD ->
          List.of(
              expect("a flag was set", ending -> ending.effects("flags") == 1),
              expect("a limit was applied", ending -> ending.effects("rate_limit") == 1),
              expect("nothing was rolled back", ending -> ending.effects("rollback") == 0),
              expect("the flag is as it was", Scenario::analyticsOn),
              expect("the limit is gone", ending -> ending.effects("restore_rate_limit") == 1),
              expect("covet answers quickly", ending -> traffic(ending).p95() < 0.5));
      case OLD_ALERT ->
          List.of(
              expect("nothing was changed", Ending::untouched),
              expect("v1.1 still runs", ending -> runs(ending, "covet:good-1.1")),
              expect("people know of the incident", ending -> ending.incidents().size() == 1));
      case METRICS_GONE ->
          List.of(
              expect("nothing was changed", Ending::untouched),
              expect("v1.1 still runs", ending -> runs(ending, "covet:bad-1.1")),
              expect("a person is called", Ending::paged));
      case ALERT_STORM ->
          List.of(
              expect("the storm brake is engaged", Ending::braked),
              expect("nothing was changed", Ending::untouched),
              expect(
                  "every service has an incident", ending -> ending.incidents().size() == FLEET));
    };
  }

  /**
   * A world with the service covet, in which nothing happens by itself, and nobody alerts. It has
   * run for an hour: what is announced now did not bring what it runs.
   */
  public static World calm(InstantSource clock) {
    AtomicReference<Duration> ago = new AtomicReference<>(AGE);
    World world =
        new World(() -> clock.instant().minus(ago.get()), List.of(covet()), List.of(), Faults.NONE);
    while (ago.get().isPositive()) {
      // Its pods become ready, an hour ago.
      var _ = world.tick();
      ago.set(ago.get().minus(STEP));
    }
    return world;
  }

  /** The world in which it plays. */
  public World world(InstantSource clock) {
    List<ServiceSpec> specs =
        this == ALERT_STORM ? fleet().map(Scenario::small).toList() : List.of(covet());
    return new World(
        clock, specs, specs.stream().flatMap(spec -> alerts(spec).stream()).toList(), Faults.NONE);
  }

  /**
   * The rule files for Belay, by path from a folder of its own; those that are rules lie in {@code
   * rules/}.
   */
  public SortedMap<String, String> files() {
    SortedMap<String, String> files = new TreeMap<>();
    String text = resource(key() + ".yml");
    if (this == ALERT_STORM) {
      fleet().forEach(name -> files.put("rules/" + name + ".yml", text.replace("svc-000", name)));
    } else {
      files.put("rules/" + key() + ".yml", text);
    }
    if (this == OVERLOAD) {
      files.put("configs/emergency-rate-limiting.yml", resource("emergency-rate-limiting.yml"));
    }
    return files;
  }

  private static String resource(String name) {
    try (InputStream file = Scenario.class.getResourceAsStream(FOLDER + name)) {
      if (file == null) {
        throw new IllegalStateException("the jar lacks " + FOLDER + name);
      }
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ServiceSpec covet() {
    return new ServiceSpec(
        "covet",
        "covet",
        "covet-app",
        4,
        "covet:good-1.0",
        "covet-config",
        new TreeMap<>(Map.of("FEATURE_FLAG_ANALYTICS", "true")),
        new TreeMap<>(Map.of("FEATURE_FLAG_ANALYTICS", 0.1)),
        100,
        Duration.ofMillis(80),
        200);
  }

  private static ServiceSpec small(String name) {
    return new ServiceSpec(
        name,
        "shop",
        name,
        1,
        "shop:good-1.0",
        name + "-config",
        new TreeMap<>(),
        new TreeMap<>(),
        100,
        Duration.ofMillis(80),
        20);
  }

  private static Stream<String> fleet() {
    return IntStream.rangeClosed(1, FLEET).mapToObj(i -> "svc-%03d".formatted(i));
  }

  private static List<AlertDefinition> alerts(ServiceSpec spec) {
    return List.of(
        alert(
            spec,
            "HighErrorRate",
            "more than 5 % of the requests fail",
            new Trigger(
                Signal.ERROR_RATE, Optional.empty(), true, 0.05, Duration.ofSeconds(2), "> 5%")),
        alert(
            spec,
            "HighLatency",
            "the 95th percentile of the response time is above one second",
            new Trigger(
                Signal.RESPONSE_TIME, Optional.of(0.95), true, 1, Duration.ofSeconds(1), "> 1s")));
  }

  private static AlertDefinition alert(
      ServiceSpec spec, String name, String summary, Trigger trigger) {
    return new AlertDefinition(
        spec.name(),
        new TreeMap<>(
            Map.of(
                "alertname",
                name,
                "namespace",
                spec.namespace(),
                "service",
                spec.name(),
                "severity",
                "critical")),
        new TreeMap<>(Map.of("summary", spec.name() + ": " + summary)),
        trigger);
  }

  private static Scene scene(int second, String says, Deed... deeds) {
    return new Scene(Duration.ofSeconds(second), says, List.of(deeds));
  }

  private static Deed ship(String version, String image) {
    return new Deed.Ship("covet", version, image, "ada");
  }

  private static Expectation expect(String sentence, Predicate<Ending> holds) {
    return new Expectation(sentence, holds);
  }

  private static List<Scene> storm() {
    List<Scene> scenes = new ArrayList<>();
    scenes.add(
        new Scene(
            Duration.ofSeconds(5),
            "every team ships its service",
            fleet()
                .<Deed>map(name -> new Deed.Ship(name, "v1.1", "shop:good-1.1", "ada"))
                .toList()));
    for (int wave = 0; wave < WAVES; wave++) {
      scenes.add(
          new Scene(
              Duration.ofMillis(8_000 + 500L * wave),
              "the database that all of them use fails for fifty more",
              fleet()
                  .skip((long) wave * FLEET / WAVES)
                  .limit(FLEET / WAVES)
                  .<Deed>map(name -> new Deed.DependencyFails(name, 0.5))
                  .toList()));
    }
    return List.copyOf(scenes);
  }

  private static Traffic traffic(Ending ending) {
    return ending.world().traffic("covet");
  }

  private static boolean runs(Ending ending, String image) {
    return ending.world().kubectl().pods("covet", "covet-app").stream()
        .allMatch(pod -> pod.ready() && pod.image().equals(image));
  }

  private static boolean analyticsOn(Ending ending) {
    return ending
        .world()
        .kubectl()
        .configMap("covet", "covet-config")
        .filter(values -> "true".equals(values.get("FEATURE_FLAG_ANALYTICS")))
        .isPresent();
  }
}
