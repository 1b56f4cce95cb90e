package dev.belay.app;

import dev.belay.core.engine.Listening;
import dev.belay.core.engine.Settings;
import dev.belay.core.incident.Answer;
import dev.belay.intake.http.Authentication;
import dev.belay.intake.kafka.KafkaSettings;
import dev.belay.intake.slack.Allowed;
import dev.belay.intake.slack.SlackIntake;
import dev.belay.journal.SqliteJournal;
import dev.belay.notify.MessageWall;
import dev.belay.port.Cluster;
import dev.belay.port.Notifier;
import dev.belay.rules.RuleLoader;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Whole daemons in the tests' own process. */
public final class Daemons {
  /** What is written of the service. */
  public static final String RULES =
      "service: covet\nworkload: deployment/covet/app\nmatch: { namespace: covet }\n";

  static final String SIGNING_SECRET = "a signing secret";

  /** Slack's door, to which Slack has yet to find. */
  private static final SlackIntake SLACK =
      new SlackIntake(
          URI.create("https://slack.com/api/"),
          Optional.empty(),
          List.of(SIGNING_SECRET),
          Map.of(Answer.HOLD, new Allowed(false, Set.of("U0BOB"))));

  private Daemons() {}

  /** One with a service, {@code covet}, whose files are in the folder, and a page of its own. */
  static Daemon start(Path folder, Authentication authentication, Cluster cluster)
      throws IOException {
    return start(folder, authentication, cluster, List.of(new MessageWall()));
  }

  /** The same, with these to tell people. */
  static Daemon start(
      Path folder, Authentication authentication, Cluster cluster, List<Notifier> notifiers)
      throws IOException {
    return start(folder, authentication, cluster, notifiers, Optional.empty(), Settings.DEFAULT);
  }

  /** One that listens for signs of life. */
  static Daemon start(Path folder, Listening listening) throws IOException {
    return start(
        folder,
        Authentication.none(),
        new NoCluster(),
        List.of(),
        Optional.empty(),
        Settings.DEFAULT.withListening(listening));
  }

  /** One that reads its releases from Kafka. */
  public static Daemon start(Path folder, KafkaSettings kafka) throws IOException {
    return start(
        folder,
        Authentication.none(),
        new NoCluster(),
        List.of(),
        Optional.of(kafka),
        Settings.DEFAULT);
  }

  private static Daemon start(
      Path folder,
      Authentication authentication,
      Cluster cluster,
      List<Notifier> notifiers,
      Optional<KafkaSettings> kafka,
      Settings settings)
      throws IOException {
    Path rules = Files.createDirectories(folder.resolve("rules"));
    Files.writeString(rules.resolve("covet.yml"), RULES);
    return Assembly.of(
            RuleLoader.load(rules).rules(), SqliteJournal.open(folder.resolve("journal")))
        .settings(settings)
        .authentication(authentication)
        .kafka(kafka)
        .cluster(cluster)
        .notifiers(notifiers)
        .slack(SLACK)
        .pauses(Duration.ofMillis(100), Duration.ofHours(1))
        .page(new Page("/a/page", "text/plain", "default-src 'none'", () -> "a page"))
        .start();
  }
}
