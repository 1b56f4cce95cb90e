package dev.belay.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.controlplane.Eventually;
import dev.belay.core.engine.Input;
import dev.belay.core.engine.Listening;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The alert that always fires, by both doors of a whole daemon. */
class WatchdogTest {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final String LABELS = "{\"alertname\":\"Watchdog\",\"namespace\":\"covet\"}";

  @TempDir Path folder;

  private final HttpClient client = HttpClient.newHttpClient();

  @AfterEach
  void close() {
    client.close();
  }

  @Test
  void whatIsMissedIsShownAndEitherDoorEndsTheSilenceAndOpensNoIncident() throws Exception {
    Listening listening =
        new Listening(Optional.of("Watchdog"), Map.of(Input.ALERTS, Duration.ofMillis(200)), false);
    try (Daemon daemon = Daemons.start(folder, listening)) {
      Eventually.holds("alerts are silent", SOON, () -> silent(daemon));
      Eventually.holds(
          "the API says so",
          SOON,
          () -> get(daemon, "/api/v1/status").contains("\"input\":\"alerts\""));
      Eventually.holds(
          "it was heard of, and is missed again",
          SOON,
          () -> post(daemon, "/webhooks/alertmanager", webhook()) == 200 && returns(daemon) == 1);
      Eventually.holds("alerts are silent", SOON, () -> silent(daemon));
      String alerts = "[{\"labels\":" + LABELS + ",\"startsAt\":\"2026-01-01T00:00:00Z\"}]";
      Eventually.holds(
          "it was heard of again",
          SOON,
          () -> post(daemon, "/api/v2/alerts", alerts) == 200 && returns(daemon) == 2);
      assertTrue(get(daemon, "/api/v1/incidents").contains("\"incidents\":[]"));
    }
  }

  @Test
  void withoutAnybodyBeingExpectedItIsAnAlertLikeAnyOther() throws Exception {
    try (Daemon daemon = Daemons.start(folder, Listening.NONE)) {
      assertEquals(200, post(daemon, "/webhooks/alertmanager", webhook()));
      assertFalse(get(daemon, "/api/v1/incidents").contains("\"incidents\":[]"));
      assertTrue(get(daemon, "/api/v1/status").contains("\"inputs\":[]"));
    }
  }

  private static String webhook() {
    return "{\"version\":\"4\",\"groupKey\":\"g\",\"status\":\"firing\",\"receiver\":\"belay\",\"alerts\":"
               + "[{\"status\":\"firing\",\"labels\":"
        + LABELS
        + ",\"annotations\":{},\"startsAt\":\"2026-01-01T00:00:00Z\","
        + "\"endsAt\":\"0001-01-01T00:00:00Z\"}]}";
  }

  private static boolean silent(Daemon daemon) {
    return daemon.queries().ask(state -> !state.silent().isEmpty()).toCompletableFuture().join();
  }

  /** How often people were told that alerts are heard of again. */
  private static long returns(Daemon daemon) {
    return daemon
        .queries()
        .ask(
            state ->
                state.owed().stream()
                    .filter(owed -> owed.notice().text().startsWith("Belay hears of alerts again"))
                    .count())
        .toCompletableFuture()
        .join();
  }

  private String get(Daemon daemon, String path) {
    return client
        .sendAsync(
            HttpRequest.newBuilder(uri(daemon, path)).build(), HttpResponse.BodyHandlers.ofString())
        .join()
        .body();
  }

  private int post(Daemon daemon, String path, String body) {
    return client
        .sendAsync(
            HttpRequest.newBuilder(uri(daemon, path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.ofString())
        .join()
        .statusCode();
  }

  private static URI uri(Daemon daemon, String path) {
    return URI.create("http://127.0.0.1:" + daemon.port() + path);
  }
}
