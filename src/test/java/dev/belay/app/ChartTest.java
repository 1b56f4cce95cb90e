package dev.belay.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.controlplane.Eventually;
import dev.belay.core.engine.Event;
import dev.belay.core.engine.Reading;
import dev.belay.core.rule.RuleSet;
import dev.belay.core.rule.Service;
import dev.belay.journal.SqliteJournal;
import dev.belay.port.Round;
import dev.belay.port.SignalSource;
import dev.belay.rules.RuleLoader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The chart of an incident that is open when the daemon stops. */
@Timeout(60)
class ChartTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  /** A service that fails a third of its requests. */
  private static final SignalSource BAD =
      services -> services.stream().<Round>map(Failing::new).toList();

  private record Failing(Service service) implements Round {
    @Override
    public String name() {
      return service.name();
    }

    @Override
    public List<Event> look(Turn turn) {
      return List.of(
          new Event.SignalsRead(
              service.name(),
              service.triggers().stream()
                  .map(trigger -> new Reading(trigger.name(), Optional.of(0.375), ""))
                  .toList()));
    }

    @Override
    public void missed(long turns) {}
  }

  @TempDir private Path folder = Path.of("");

  private Assembly daemon() throws IOException {
    Path file = folder.resolve("rules/covet.yml");
    Files.createDirectories(folder.resolve("rules"));
    Files.writeString(
        file, "service: covet\nrollback_triggers:\n  error_rate: \"> 5% for 1 second\"\n");
    RuleSet rules = RuleLoader.load(folder.resolve("rules")).rules();
    assertEquals(1, rules.services().size());
    return Assembly.of(rules, SqliteJournal.open(folder.resolve("journal")));
  }

  private static String get(Daemon daemon, String path) {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
          .send(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + daemon.port() + path))
                  .timeout(SOON)
                  .build(),
              HttpResponse.BodyHandlers.ofString())
          .body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Test
  void isThereAfterARestart() throws IOException {
    try (Daemon daemon =
        daemon().signals(BAD).pauses(Duration.ofMinutes(1), Duration.ofMillis(100)).start()) {
      Eventually.holds(
          "the incident is open",
          SOON,
          () -> get(daemon, "/api/v1/incidents").contains("\"covet-1\""));
    }
    try (Daemon daemon = daemon().start()) {
      String incident = get(daemon, "/api/v1/incidents/covet-1");
      assertTrue(
          incident.contains(
              "\"charts\":[{\"name\":\"error_rate > 5% for 1 second\",\"signal\":\"error_rate\","
                  + "\"above\":true,\"threshold\":0.05,\"at\":["),
          incident);
      assertTrue(incident.contains("\"values\":[0.375,0.375,"), incident);
    }
  }
}
