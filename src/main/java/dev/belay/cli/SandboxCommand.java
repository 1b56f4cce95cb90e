package dev.belay.cli;

import dev.belay.app.Daemon;
import dev.belay.app.Page;
import dev.belay.app.Parts;
import dev.belay.app.StartFailed;
import dev.belay.core.engine.Listening;
import dev.belay.core.engine.Run;
import dev.belay.core.engine.Settings;
import dev.belay.core.engine.State;
import dev.belay.core.incident.Incident;
import dev.belay.core.rule.Mode;
import dev.belay.intake.IntakeLimits;
import dev.belay.intake.http.Authentication;
import dev.belay.journal.SqliteJournal;
import dev.belay.notify.MessageWall;
import dev.belay.port.JournalFailed;
import dev.belay.rules.Loaded;
import dev.belay.rules.RuleLoader;
import dev.belay.sandbox.Ending;
import dev.belay.sandbox.Expectation;
import dev.belay.sandbox.Play;
import dev.belay.sandbox.Post;
import dev.belay.sandbox.Scenario;
import dev.belay.sandbox.Scene;
import java.io.Console;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code belay sandbox}: the whole daemon in a world of its own, and a story that it has to master.
 */
@Command(
    name = "sandbox",
    description = {
      "Plays a story: the whole daemon, with real HTTP and a real journal, on a cluster in memory.",
      "Stories: bad-release, overload, old-alert, metrics-gone, alert-storm."
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:with --exit: the story ended as it must",
      "1:it did not, or the daemon could not start",
      "2:wrong usage"
    },
    mixinStandardHelpOptions = true)
final class SandboxCommand implements Callable<Integer> {
  private static final Duration TICK = Duration.ofMillis(100);
  private static final Duration LOOK = Duration.ofMillis(500);

  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Option(
      names = "--scenario",
      paramLabel = "NAME",
      description = "which story (default: ${DEFAULT-VALUE})")
  private String scenario = "bad-release";

  @Option(
      names = "--port",
      description = "where the daemon listens; 0 takes any free port (default: ${DEFAULT-VALUE})")
  private int port = 9096;

  @Option(names = "--exit", description = "end when the story ends")
  private boolean exit;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description =
          "no story: the daemon as this configuration file has it, on the sandbox's cluster, whose"
              + " metrics are at /sandbox/metrics, and which rolls out the releases that are"
              + " announced")
  private Optional<Path> config = Optional.empty();

  private final CountDownLatch ended = new CountDownLatch(1);

  @Override
  public Integer call() throws Exception {
    if (config.isPresent()) {
      return new ServedWorld().run(config.get(), spec.commandLine().getErr());
    }
    Optional<Scenario> found =
        Arrays.stream(Scenario.values()).filter(known -> known.key().equals(scenario)).findFirst();
    if (found.isEmpty()) {
      String known =
          Arrays.stream(Scenario.values()).map(Scenario::key).collect(Collectors.joining(", "));
      throw new CommandLine.ParameterException(
          spec.commandLine(), "no story is called " + scenario + "; there are " + known);
    }
    // The timeline is what people watch; the log says only what went wrong.
    System.setProperty("BELAY_LOG_LEVEL", "ERROR");
    try {
      return play(found.get());
    } catch (JournalFailed | StartFailed e) {
      spec.commandLine().getErr().println("belay: " + e.getMessage());
      return 1;
    }
  }

  private int play(Scenario story) throws IOException, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    Path folder = Files.createTempDirectory("belay-sandbox");
    Loaded loaded = load(story, folder);
    if (!loaded.usable()) {
      loaded.problems().forEach(out::println);
      return 1;
    }
    InstantSource clock = InstantSource.system();
    Play play = new Play(story, clock);
    Timeline timeline = new Timeline(out, coloured(), clock.instant());
    MessageWall wall = new MessageWall();
    boolean well = false;
    Signals.onStop(this::stop);
    try (Daemon daemon = Daemon.start(parts(play, loaded, folder, timeline, wall, clock))) {
      daemon.death().thenAccept(this::giveUp);
      String url = "http://127.0.0.1:" + daemon.port();
      out.printf("Belay's sandbox: %s (%s)%n", story.key(), story.title());
      out.printf("Listening on %s   messages to people: %s/sandbox/messages%n%n", url, url);
      timeline.begin();
      play.begin();
      perform(play, daemon, url, timeline);
      if (ended.getCount() > 0) {
        well = judge(story, play, daemon, out);
      }
      if (!exit && ended.getCount() > 0) {
        invite(out, url, folder);
        stayUp(play, url, timeline);
      }
    }
    if (well || !exit) {
      delete(folder);
    } else {
      out.printf("Rules and journal: %s%n", folder);
      out.flush();
    }
    return well ? 0 : 1;
  }

  private static boolean coloured() {
    return Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent()
        && System.getenv("NO_COLOR") == null;
  }

  private static Loaded load(Scenario story, Path folder) throws IOException {
    for (var file : story.files().entrySet()) {
      Path path = folder.resolve(file.getKey());
      Files.createDirectories(Optional.ofNullable(path.getParent()).orElse(folder));
      Files.writeString(path, file.getValue());
    }
    return RuleLoader.load(folder.resolve("rules"));
  }

  private Parts parts(
      Play play,
      Loaded loaded,
      Path folder,
      Timeline timeline,
      MessageWall wall,
      InstantSource clock) {
    return new Parts(
        Version.text(),
        loaded.rules(),
        loaded.shortDigest(),
        settings(),
        SqliteJournal.open(folder.resolve("journal")),
        "127.0.0.1",
        port,
        Authentication.none(),
        IntakeLimits.standard(),
        Optional.empty(),
        Optional.empty(),
        play.world().cluster(),
        play.world().cluster().baselines(),
        Optional.of(play.world()),
        List.of(wall),
        Optional.empty(),
        LOOK,
        LOOK,
        clock,
        List.of(
            new Page(
                "/sandbox/messages",
                "text/html; charset=utf-8",
                MessageWall.contentSecurityPolicy(),
                wall::html)),
        timeline::show,
        Optional.empty());
  }

  /** As out of the box, but in seconds, and allowed to act. */
  private static Settings settings() {
    Settings standard = Settings.DEFAULT;
    return new Settings(
        Mode.ACT,
        standard.stormServices(),
        Duration.ofSeconds(20),
        standard.actionsPerHour(),
        Duration.ofSeconds(4),
        Duration.ofSeconds(10),
        Duration.ofSeconds(30),
        standard.intentLife(),
        Settings.DEFAULT.alertRoom(),
        Settings.CrashLoop.DEFAULT,
        Listening.NONE);
  }

  private void perform(Play play, Daemon daemon, String url, Timeline timeline)
      throws InterruptedException {
    try (HttpClient http = HttpClient.newHttpClient()) {
      Countdown countdown = new Countdown(daemon, timeline);
      while (!play.over() && !ended.await(TICK.toMillis(), TimeUnit.MILLISECONDS)) {
        step(play, http, url, timeline);
        countdown.show();
      }
    }
  }

  private static void step(Play play, HttpClient http, String url, Timeline timeline)
      throws InterruptedException {
    Play.Moment moment = play.tick();
    for (Scene scene : moment.scenes()) {
      timeline.say(Instant.now(), Timeline.Voice.WORLD, scene.says());
    }
    for (Post post : moment.posts()) {
      post(http, url, post, timeline);
    }
  }

  private static void post(HttpClient http, String url, Post post, Timeline timeline)
      throws InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url + post.path()))
            .header("Content-Type", "application/json")
            .timeout(Duration.ofSeconds(5))
            .POST(HttpRequest.BodyPublishers.ofString(post.json()))
            .build();
    try {
      HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() != 200) {
        timeline.say(
            Instant.now(),
            Timeline.Voice.WORLD,
            post.path() + " was answered " + answer.statusCode() + ": " + answer.body());
      }
    } catch (IOException e) {
      timeline.say(Instant.now(), Timeline.Voice.WORLD, post.path() + " failed: " + e.getMessage());
    }
  }

  /** The seconds that people still have to object, one line each. */
  private static final class Countdown {
    private final Daemon daemon;
    private final Timeline timeline;
    private String last = "";

    Countdown(Daemon daemon, Timeline timeline) {
      this.daemon = daemon;
      this.timeline = timeline;
    }

    void show() {
      Instant now = Instant.now();
      String line =
          daemon
              .queries()
              .ask(state -> left(state, now))
              .toCompletableFuture()
              .exceptionally(_ -> "")
              .join();
      if (!line.isEmpty() && !line.equals(last)) {
        timeline.say(now, Timeline.Voice.BELAY, line);
      }
      last = line;
    }

    private static String left(State state, Instant now) {
      return state.services().stream()
          .flatMap(service -> service.run().stream())
          .filter(run -> run.phase() == Run.Phase.COUNTDOWN)
          .map(
              run ->
                  "  ... "
                      + Math.max(0, Duration.between(now, run.deadline()).toSeconds() + 1)
                      + " s left to veto "
                      + run.incident())
          .findFirst()
          .orElse("");
    }
  }

  private static boolean judge(Scenario story, Play play, Daemon daemon, PrintWriter out) {
    List<Incident> incidents =
        daemon
            .queries()
            .ask(
                state -> {
                  List<Incident> all = new ArrayList<>(state.closedIncidents());
                  state.services().forEach(service -> service.incident().ifPresent(all::add));
                  return all;
                })
            .toCompletableFuture()
            .join();
    boolean braked =
        daemon.queries().ask(state -> state.brakeSince().isPresent()).toCompletableFuture().join();
    Ending ending = new Ending(play.world(), incidents, braked);
    boolean well = true;
    out.printf("%nThe story is over. As it must be?%n");
    for (Expectation expectation : story.expectations()) {
      boolean holds = expectation.holds().test(ending);
      well &= holds;
      out.printf("  %s %s%n", holds ? "yes:" : "NO: ", expectation.sentence());
    }
    out.flush();
    return well;
  }

  private static void invite(PrintWriter out, String url, Path folder) {
    out.printf(
        """

        Belay stays up; end it with Ctrl-C. Post your own:
          curl %1$s/api/v2/alerts -H 'Content-Type: application/json' \\
            -d '[{"labels":{"alertname":"HighErrorRate","namespace":"covet"}}]'
          curl %1$s/api/v1/incidents
          curl %1$s/metrics
        Rules and journal, until then: %2$s
        """,
        url, folder);
    out.flush();
  }

  /** The world goes on until the process is told to end. */
  private void stayUp(Play play, String url, Timeline timeline) throws InterruptedException {
    try (HttpClient http = HttpClient.newHttpClient()) {
      while (!ended.await(TICK.toMillis(), TimeUnit.MILLISECONDS)) {
        step(play, http, url, timeline);
      }
    }
  }

  /** The second time, whoever says it no longer wants to wait. */
  private void stop() {
    if (ended.getCount() == 0) {
      Runtime.getRuntime().halt(1);
    }
    ended.countDown();
  }

  private void giveUp(Throwable cause) {
    PrintWriter err = spec.commandLine().getErr();
    err.println("belay: cannot go on: " + Cause.of(cause));
    err.flush();
    // As in "belay run": what is in memory is ahead of what can be kept.
    Runtime.getRuntime().halt(1);
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}
