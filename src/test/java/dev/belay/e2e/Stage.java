package dev.belay.e2e;

import dev.belay.app.Assembly;
import dev.belay.app.Daemon;
import dev.belay.core.engine.Listening;
import dev.belay.core.engine.Settings;
import dev.belay.core.rule.Mode;
import dev.belay.core.rule.RuleSet;
import dev.belay.intake.http.Authentication;
import dev.belay.journal.SqliteJournal;
import dev.belay.rules.RuleLoader;
import dev.belay.sandbox.Play;
import dev.belay.sandbox.Post;
import dev.belay.sandbox.Scenario;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** One of the sandbox's stories, played to a whole daemon that people can look at. */
final class Stage implements AutoCloseable {
  private static final Duration LOOK = Duration.ofMillis(500);
  private static final long TICK_MILLIS = 100;

  private final Path folder;
  private final RuleSet rules;
  private final Authentication gate;
  private final Play play;
  private final HttpClient http = HttpClient.newHttpClient();
  private final ScheduledExecutorService ticking = Executors.newSingleThreadScheduledExecutor();
  private Daemon daemon;
  private final int port;

  private Stage(Path folder, RuleSet rules, Authentication gate, Scenario story) {
    this.folder = folder;
    this.rules = rules;
    this.gate = gate;
    this.play = new Play(story, InstantSource.system());
    this.daemon = start(0);
    this.port = daemon.port();
    play.begin();
    var _ = ticking.scheduleAtFixedRate(this::tick, 0, TICK_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** Plays a story, with its rules changed as the test wants them. */
  static Stage play(Path folder, Scenario story, UnaryOperator<String> rules, Authentication gate) {
    story.files().forEach((name, text) -> Programs.write(folder, name, rules.apply(text)));
    return new Stage(folder, RuleLoader.load(folder.resolve("rules")).rules(), gate, story);
  }

  private Daemon start(int at) {
    Settings standard = Settings.DEFAULT;
    return Assembly.of(rules, SqliteJournal.open(folder.resolve("journal")))
        .settings(
            new Settings(
                Mode.ACT,
                standard.stormServices(),
                Duration.ofSeconds(20),
                standard.actionsPerHour(),
                Duration.ofSeconds(4),
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                standard.intentLife(),
                standard.alertRoom(),
                Settings.CrashLoop.DEFAULT,
                Listening.NONE))
        .port(at)
        .authentication(gate)
        .cluster(play.world().cluster())
        .baselines(play.world().cluster().baselines())
        .signals(play.world())
        .pauses(LOOK, LOOK)
        .start();
  }

  private void tick() {
    for (Post post : play.tick().posts()) {
      post(post.path(), post.json());
    }
  }

  /** Sends something to Belay, as somebody outside would. */
  void post(String path, String json) {
    try {
      http.send(
          HttpRequest.newBuilder(URI.create(url() + path))
              .header("Content-Type", "application/json")
              .header("Authorization", "Bearer stage")
              .timeout(Duration.ofSeconds(5))
              .POST(HttpRequest.BodyPublishers.ofString(json))
              .build(),
          HttpResponse.BodyHandlers.discarding());
    } catch (IOException e) {
      // Belay is away for the moment; the story goes on.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Belay goes away. */
  void goAway() {
    daemon.close();
  }

  /** Belay comes back, at the same address. */
  void comeBack() {
    daemon = start(port);
  }

  /** Where it is. */
  String url() {
    return "http://127.0.0.1:" + port;
  }

  /** What was done to the cluster. */
  int effects() {
    return play.world().cluster().effects().size();
  }

  @Override
  public void close() {
    ticking.shutdownNow();
    http.close();
    daemon.close();
  }
}
