package dev.belay.bench;

import dev.belay.app.Assembly;
import dev.belay.app.Daemon;
import dev.belay.controlplane.Eventually;
import dev.belay.core.alert.Matcher;
import dev.belay.core.engine.Event;
import dev.belay.core.engine.Fact;
import dev.belay.core.incident.Evidence;
import dev.belay.core.incident.Reason;
import dev.belay.core.release.Release;
import dev.belay.core.release.Workload;
import dev.belay.core.rule.Limits;
import dev.belay.core.rule.RuleSet;
import dev.belay.core.rule.Service;
import dev.belay.e2e.Browser;
import dev.belay.journal.SqliteJournal;
import dev.belay.port.Journal;
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
 * open costs the daemon; and before a hundred thousand decisions, made over a month, or within an
 * hour, with an incident that is open since before the first. Both run on one machine here, so the
 * browser's own work is in its figures and not in the daemon's, which are of the process that this
 * is, less the same time without a page.
 */
public final class ConsoleBench {
  private static final int SERVICES = 10_000;
  private static final int DECISIONS = 100_000;
  private static final int DECISIONS_A_WRITE = 1_000;
  private static final int REQUESTS = 100;
  private static final int OPENINGS = 5;
  private static final Duration WATCHED = Duration.ofSeconds(15);

  /** Answers with all services are large; a few tell enough. */
  private static final int LARGE_REQUESTS = 10;

  private static final String LAST_ASKED =
      "performance.getEntriesByType('resource')"
          + ".filter(asked => asked.name.includes('/api/v1/decisions')).at(-1)";

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
    decisions(folder.resolve("month"), Duration.ofDays(30));
    decisions(folder.resolve("hour"), Duration.ofHours(1));
  }

  /** Decisions that were made evenly over the time until now. */
  private static void decisions(Path folder, Duration over)
      throws IOException, InterruptedException {
    Instant end = Instant.now();
    decide(folder.resolve("journal"), end.minus(over), over.dividedBy(DECISIONS));
    try (Daemon daemon =
        Assembly.of(rules(), SqliteJournal.open(folder.resolve("journal"))).start()) {
      String url = "http://127.0.0.1:" + daemon.port();
      System.out.printf("%d decisions over %s%n", DECISIONS, over);
      String page = "/api/v1/decisions?limit=50";
      request(url, page, REQUESTS);
      request(url, page + "&before=" + end.minus(over.dividedBy(20)), REQUESTS);
      request(url, page + "&before=" + end.minus(over.dividedBy(2)), REQUESTS);
      request(url, page + "&before=" + end + "&service=" + name(42), LARGE_REQUESTS);
      first(url, "/api/v1/audit?limit=500");
      first(url, "/api/v1/records");
      first(url, "/api/v1/incidents/" + name(42) + "-1");
      request(url, "/api/v1/incidents/" + name(42) + "-1", LARGE_REQUESTS);
      try (Browser browser = Browser.open(folder.resolve("browser"))) {
        browser.go(url + "/#/decisions");
        browser.see(".events", "service-");
        double shown = browser.number("Math.round(" + LAST_ASKED + ".responseEnd)");
        browser.press("Older");
        Eventually.holds(
            "the older ones are shown",
            Duration.ofSeconds(60),
            () -> browser.number("document.querySelectorAll('.events li').length") > 50);
        System.out.printf(
            "the page has its decisions after %.0f ms, and the older ones %.0f ms after the"
                + " press%n",
            shown, (double) browser.number("Math.round(" + LAST_ASKED + ".duration)"));
      }
    }
  }

  private static void decide(Path folder, Instant begin, Duration apart) throws IOException {
    Files.createDirectories(folder);
    try (SqliteJournal journal = SqliteJournal.open(folder)) {
      journal.recover();
      List<Journal.Entry> entries = new ArrayList<>();
      String service = name(42);
      entries.add(
          new Journal.Entry(
              begin,
              List.of(new Fact.IncidentOpened(service, service + "-1", "HighErrorRate", begin))));
      for (int i = 0; i < DECISIONS; i++) {
        Instant at = begin.plus(apart.multipliedBy(i));
        entries.add(new Journal.Entry(at, List.of(decision(i, at))));
        if (entries.size() == DECISIONS_A_WRITE) {
          journal.append(entries);
          entries.clear();
        }
      }
      journal.append(entries);
    }
  }

  /** One in ten is to act. */
  private static Fact decision(int number, Instant at) {
    String service = name(number % SERVICES);
    boolean act = number % 10 == 0;
    return new Fact.Decided(
        service,
        service + "-1",
        "bad-release",
        act,
        act ? Reason.RELEASE_TO_BLAME : Reason.OLDER_THAN_RELEASE,
        List.of(
            new Evidence("trouble", "HighErrorRate"),
            new Evidence("for: release", "v" + number + " began " + at)),
        at);
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

  /** What is read whole when it is first asked for, and kept. */
  private static void first(String url, String path) throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest request = HttpRequest.newBuilder(URI.create(url + path)).build();
      long began = System.nanoTime();
      int status = client.send(request, HttpResponse.BodyHandlers.ofByteArray()).statusCode();
      System.out.printf(
          "%-52s %8.2f ms (the first, status %d)%n",
          path, (System.nanoTime() - began) / 1e6, status);
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
