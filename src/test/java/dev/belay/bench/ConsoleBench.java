package dev.belay.bench;

import dev.belay.app.Assembly;
import dev.belay.app.Daemon;
import dev.belay.core.alert.Matcher;
import dev.belay.core.engine.Event;
import dev.belay.core.release.Release;
import dev.belay.core.release.Workload;
import dev.belay.core.rule.Limits;
import dev.belay.core.rule.RuleSet;
import dev.belay.core.rule.Service;
import dev.belay.e2e.Browser;
import dev.belay.journal.SqliteJournal;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The console before ten thousand services: how soon a browser shows them, and what a page that is
 * open costs the daemon. Both run on one machine here, so the browser's own work is in its figures
 * and not in the daemon's, which are of the process that this is, less the same time without a
 * page.
 */
public final class ConsoleBench {
  private static final int SERVICES = 10_000;
  private static final int REQUESTS = 100;
  private static final int OPENINGS = 5;
  private static final Duration WATCHED = Duration.ofSeconds(15);

  /** Answers with all services are large; a few tell enough. */
  private static final int LARGE_REQUESTS = 10;

  private ConsoleBench() {}

  /** Prints the figures. */
  public static void main(String[] args) throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("belay-console-bench");
    try (Daemon daemon = Assembly.of(rules(), SqliteJournal.open(folder)).start()) {
      release(daemon);
      String url = "http://127.0.0.1:" + daemon.port();
      System.out.printf("%d services%n", SERVICES);
      request(url, "/api/v1/services?order=trouble&limit=100", REQUESTS);
      request(url, "/api/v1/services?order=trouble&query=99&limit=100", REQUESTS);
      request(url, "/api/v1/status", REQUESTS);
      request(url, "/api/v1/services", LARGE_REQUESTS);
      browser(daemon, url, folder);
    }
  }

  private static RuleSet rules() {
    List<Service> services = new ArrayList<>();
    for (int i = 0; i < SERVICES; i++) {
      String name = name(i);
      services.add(
          new Service(
              name,
              Optional.of(new Workload("deployment", "shop", name)),
              List.of(Matcher.equal("app", name)),
              List.of(),
              List.of(),
              Limits.DEFAULT,
              Service.DEFAULT_SOAK));
    }
    return new RuleSet(List.of(), List.of(), services);
  }

  private static String name(int i) {
    return "service-%05d".formatted(i);
  }

  private static void release(Daemon daemon) {
    for (int i = 0; i < SERVICES; i++) {
      release(daemon, i, "v1");
    }
  }

  private static void release(Daemon daemon, int service, String version) {
    Instant now = Instant.now();
    daemon
        .inbox()
        .offer(
            new Event.ReleaseReceived(
                new Release(
                    version + "-" + service,
                    "ci",
                    name(service),
                    "",
                    Release.Change.UPGRADED,
                    Optional.of(version),
                    Optional.empty(),
                    now,
                    Optional.of(now),
                    Optional.empty())))
        .toCompletableFuture()
        .join();
  }

  private static void request(String url, String path, int requests)
      throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest request = HttpRequest.newBuilder(URI.create(url + path)).build();
      double[] millis = new double[requests];
      int bytes = 0;
      for (int i = -requests / 4; i < requests; i++) {
        long began = System.nanoTime();
        bytes = client.send(request, HttpResponse.BodyHandlers.ofByteArray()).body().length;
        millis[Math.max(0, i)] = (System.nanoTime() - began) / 1e6;
      }
      Arrays.sort(millis);
      System.out.printf(
          "%-52s %8.2f ms (median of %d, with the client), %d bytes%n",
          path, millis[requests / 2], requests, bytes);
    }
  }

  private static void browser(Daemon daemon, String url, Path folder) throws InterruptedException {
    double idle = cpuMillisASecond(daemon);
    try (Browser browser = Browser.open(folder.resolve("browser"))) {
      double[] painted = new double[OPENINGS];
      double[] listed = new double[OPENINGS];
      for (int i = 0; i < OPENINGS; i++) {
        browser.go("about:blank");
        browser.go(url + "/?" + i);
        browser.see(".service .name", "service-00000");
        painted[i] =
            browser.number("Math.round(performance.getEntriesByType('paint').at(-1).startTime)");
        listed[i] =
            browser.number("Math.round(performance.getEntriesByName('services').at(0).startTime)");
      }
      System.out.printf(
          "first paint after %.0f ms, the services after %.0f ms; with files kept %.0f and %.0f"
              + " ms%n",
          painted[0], listed[0], painted[OPENINGS - 1], listed[OPENINGS - 1]);
      System.out.printf(
          "rows in the page: %d of %d%n",
          browser.number("document.querySelectorAll('.service').length"), SERVICES);
      System.out.printf(
          "daemon's processor time, a release each 100 ms: %.1f ms a second without a page, %.1f"
              + " with one%n",
          idle, cpuMillisASecond(daemon));
    }
  }

  /** While releases come in, for each of which an open page asks anew, at most once a second. */
  private static double cpuMillisASecond(Daemon daemon) throws InterruptedException {
    Duration before = ProcessHandle.current().info().totalCpuDuration().orElseThrow();
    long began = System.nanoTime();
    int count = 0;
    while (System.nanoTime() - began < WATCHED.toNanos()) {
      release(daemon, count % SERVICES, "w" + began + "-" + count++);
      Thread.sleep(100);
    }
    Duration used = ProcessHandle.current().info().totalCpuDuration().orElseThrow().minus(before);
    return used.toMillis() / (double) WATCHED.toSeconds();
  }
}
