package dev.belay.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.belay.core.access.Access;
import dev.belay.core.alert.Episode;
import dev.belay.core.engine.Event;
import dev.belay.core.engine.Fact;
import dev.belay.core.incident.Notice;
import dev.belay.core.incident.Reason;
import dev.belay.core.release.Workload;
import dev.belay.core.remediation.ActionId;
import dev.belay.core.remediation.Inspection;
import dev.belay.core.remediation.Observation;
import dev.belay.core.remediation.Outcome;
import dev.belay.core.remediation.Plan;
import dev.belay.core.remediation.Preflight;
import dev.belay.core.remediation.Settlement;
import dev.belay.core.remediation.Target;
import dev.belay.core.rule.Place;
import dev.belay.core.rule.RuleSet;
import dev.belay.core.rule.WorkloadSelector;
import dev.belay.intake.http.Authentication;
import dev.belay.journal.SqliteJournal;
import dev.belay.kube.FabricCluster;
import dev.belay.port.Cluster;
import dev.belay.port.ClusterUnavailable;
import dev.belay.port.Journal;
import dev.belay.port.Notifier;
import dev.belay.port.NotifierFailed;
import dev.belay.sandbox.MemoryBaselines;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** What a daemon that was just started tells of itself. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class DaemonTest {
  /** Series that dashboards and alerts rely on; those with labels end with a brace. */
  private static final String SERIES =
      """
      belay_alerts_deduplicated_total
      belay_alerts_received_total{
      belay_alerts_truncated_total
      belay_actions_total{
      belay_brake_engaged
      belay_build_info{
      belay_decisions_total{
      belay_engine_batch_count
      belay_engine_round_seconds_count
      belay_hold
      belay_incidents_open
      belay_incidents_opened_total
      belay_input_silent{
      belay_intake_ignored_total{
      belay_intake_rejected_total{
      belay_intake_requests_total{
      belay_journal_append_seconds_count
      belay_journal_full
      belay_leases
      belay_mailbox_waiting
      belay_notices_given_up_total{
      belay_notices_last_sent_timestamp_seconds{
      belay_notices_owed{
      belay_notices_owed_since_seconds{
      belay_notices_sent_total{
      belay_releases_received_total
      belay_rules_info{digest="digest"}
      belay_revisions_judged_total{
      jvm_buffer_memory_used_bytes{
      jvm_classes_loaded_classes
      jvm_gc_live_data_size_bytes
      jvm_gc_max_data_size_bytes
      jvm_gc_memory_allocated_bytes_total
      jvm_gc_memory_promoted_bytes_total
      jvm_memory_committed_bytes{
      jvm_memory_max_bytes{
      jvm_memory_used_bytes{
      jvm_threads_daemon_threads
      jvm_threads_live_threads
      jvm_threads_peak_threads
      jvm_threads_states_threads{
      process_cpu_seconds_total
      process_cpu_usage
      process_max_fds
      process_open_fds
      process_start_time_seconds
      process_uptime_seconds
      system_cpu_count
      system_cpu_usage
      system_load_average_1m
      """;

  @TempDir Path folder = Path.of("");

  private final HttpClient client = HttpClient.newHttpClient();

  @AfterEach
  void close() {
    client.close();
  }

  @Test
  void everySeriesIsThereFromTheStart() throws Exception {
    try (Daemon daemon = Daemons.start(folder, Authentication.none(), new NoCluster())) {
      String scraped = get(daemon, "/metrics").body();
      for (String series : SERIES.lines().toList()) {
        String labels = series.endsWith("{") ? "" : " ";
        assertTrue(scraped.contains("\n" + series + labels), series + " is not in\n" + scraped);
      }
      assertFalse(scraped.contains("process_files_"), scraped);
      assertFalse(scraped.contains("process_cpu_time"), scraped);
    }
  }

  @Test
  void whereNothingIsThatIsSaidInJsonWithWhereToLook() throws Exception {
    try (Daemon daemon = Daemons.start(folder, Authentication.none(), new NoCluster())) {
      for (String path : List.of("/nothing", "/webhooks/nothing", "/api/nothing")) {
        HttpResponse<String> answer = get(daemon, path);
        assertEquals(404, answer.statusCode(), path);
        assertTrue(answer.body().startsWith("{\"error\":\"There is nothing"), answer.body());
        assertTrue(answer.body().contains("/api/openapi.json"), answer.body());
      }
      HttpResponse<String> posted =
          client.send(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + daemon.port() + "/"))
                  .POST(HttpRequest.BodyPublishers.noBody())
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      assertEquals(405, posted.statusCode());
      assertTrue(posted.body().startsWith("{\"error\":"), posted.body());
    }
  }

  @Test
  void whatTheProcessUsesIsMeasured() throws Exception {
    try (Daemon daemon = Daemons.start(folder, Authentication.none(), new NoCluster())) {
      String scraped = get(daemon, "/metrics").body();
      assertTrue(value(scraped, "process_cpu_seconds_total") > 0);
      assertTrue(value(scraped, "process_open_fds") > 3);
      assertTrue(value(scraped, "process_max_fds") > 3);
      double ago = System.currentTimeMillis() / 1e3 - value(scraped, "process_start_time_seconds");
      assertEquals(value(scraped, "process_uptime_seconds"), ago, 5);
    }
  }

  @Test
  void readinessSaysWhichClusterIsSilentAndWhatToDo() throws Exception {
    int closed;
    try (ServerSocket reserved = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      closed = reserved.getLocalPort();
    }
    Path kubeconfig =
        Files.writeString(
            folder.resolve("kubeconfig"),
            """
            apiVersion: v1
            kind: Config
            clusters:
              - {name: c, cluster: {server: "http://ada:topsecret@127.0.0.1:%d"}}
            users: [{name: u, user: {token: topsecret}}]
            contexts: [{name: night, context: {cluster: c, user: u}}]
            current-context: night
            """
                .formatted(closed));
    try (FabricCluster cluster =
            FabricCluster.connect(
                Optional.of(kubeconfig),
                Optional.empty(),
                FabricCluster.DEFAULT_TIMEOUT,
                new MemoryBaselines());
        Daemon daemon = Daemons.start(folder, Authentication.none(), cluster)) {
      String ready = readyOnceAsked(daemon);
      assertTrue(
          ready.startsWith(
              "[+]cluster degraded: no answer from http://127.0.0.1:"
                  + closed
                  + " (kubeconfig "
                  + kubeconfig
                  + ", context night): "),
          ready);
      assertTrue(ready.contains("check with kubectl"), ready);
      assertTrue(ready.endsWith("\nready\n"), ready);
      assertFalse(ready.contains("topsecret"), ready);
    }
  }

  @Test
  void aClusterThatPeopleSwitchedOffIsNoTrouble() throws Exception {
    try (Daemon daemon = Daemons.start(folder, Authentication.none(), new NoCluster())) {
      String ready = readyOnceAsked(daemon);
      assertEquals("ready\n", ready);
    }
  }

  @Test
  void aReleaseThatNoRuleIsAboutIsIgnoredAndItsSenderToldWhy() throws Exception {
    try (Daemon daemon = Daemons.start(folder, Authentication.none(), new NoCluster())) {
      assertEquals(
          "{\"status\":\"ignored\",\"reason\":\"no service of the rules is \\\"covte\\\"; did you"
              + " mean \\\"covet\\\"?\"}",
          release(daemon, "covte"));
      assertTrue(release(daemon, "elsewhere").contains("write a rule for it"));
      assertEquals("{\"status\":\"accepted\"}", release(daemon, "covet"));
    }
  }

  @Test
  void whatWasToldToStopIsNotReadyAndStillTakesEverythingIn() throws Exception {
    try (Daemon daemon = Daemons.start(folder, Authentication.none(), new NoCluster())) {
      daemon.unready();
      HttpResponse<String> ready = get(daemon, "/-/ready");
      assertEquals(503, ready.statusCode());
      assertEquals("[-]leaving: it was told to stop\nnot ready\n", ready.body());
      assertEquals(200, get(daemon, "/-/healthy").statusCode());
      assertEquals("{\"status\":\"accepted\"}", release(daemon, "covet"));
    }
  }

  @Test
  void withCredentialsConfiguredStrangersAreNotToldWhyItIsNotReady() throws Exception {
    Authentication gate = Authentication.of(List.of("token"), Map.of());
    try (Daemon daemon = Daemons.start(folder, gate, new NoCluster())) {
      daemon.unready();
      assertEquals(
          "[-]leaving failed\nGET /api/v1/health, with credentials, says why\nnot ready\n",
          get(daemon, "/-/ready").body());
      assertEquals(401, get(daemon, "/api/v1/health").statusCode());
      String why = get(daemon, "/api/v1/health", "Authorization", "Bearer token").body();
      assertTrue(why.contains("\"trouble\":\"it was told to stop\""), why);
    }
  }

  private String release(Daemon daemon, String service) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + daemon.port() + "/api/v1/events"))
            .timeout(Duration.ofSeconds(20))
            .header("Content-Type", "application/json")
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    "{\"id\":\"1\",\"source\":\"ci\",\"service\":\"" + service + "\"}"))
            .build();
    HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
    assertEquals(200, answer.statusCode(), answer.body());
    return answer.body();
  }

  @Test
  void alertsThatArePushedAfterTheMachinesClockWasPutBackHoldByBelaysTime() throws Exception {
    AtomicReference<Duration> back = new AtomicReference<>(Duration.ZERO);
    BlockingQueue<Journal.Entry> written = new LinkedBlockingQueue<>();
    try (Daemon daemon =
        Assembly.of(RuleSet.EMPTY, SqliteJournal.open(folder))
            .clock(() -> Instant.now().minus(back.get()))
            .watcher(written::addAll)
            .start()) {
      back.set(Duration.ofHours(1));
      post(daemon, "/api/v2/alerts", "[{\"labels\":{\"alertname\":\"Pushed\"}}]");
      post(
          daemon,
          "/webhooks/alertmanager",
          "{\"alerts\":[{\"status\":\"firing\",\"labels\":{\"alertname\":\"Hooked\"}}]}");
      for (String alert : List.of("Pushed", "Hooked")) {
        Journal.Entry entry = firing(written);
        Episode episode = ((Fact.AlertFired) entry.facts().getFirst()).episode();
        assertEquals(alert, episode.labels().alertName());
        assertFalse(
            episode.validUntil().isBefore(entry.at().plus(Duration.ofMinutes(4))),
            () -> entry.at() + " " + episode);
      }
    }
  }

  private static Journal.Entry firing(BlockingQueue<Journal.Entry> written) throws Exception {
    while (true) {
      Journal.Entry entry = written.poll(20, TimeUnit.SECONDS);
      assertNotNull(entry, "no alert");
      if (entry.facts().getFirst() instanceof Fact.AlertFired) {
        return entry;
      }
    }
  }

  private void post(Daemon daemon, String path, String json) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + daemon.port() + path))
            .timeout(Duration.ofSeconds(20))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json))
            .build();
    HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
    assertEquals(200, answer.statusCode(), answer.body());
  }

  @Test
  void theFirstSilenceOfTheClusterIsLogged() throws Exception {
    Logger logger = (Logger) LoggerFactory.getLogger(WorkloadLookout.class);
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    lines.start();
    logger.addAppender(lines);
    try (Daemon daemon = Daemons.start(folder, Authentication.none(), new SilentCluster())) {
      readyOnceAsked(daemon);
      assertEquals(1, lines.list.size());
      assertTrue(
          lines.list.getFirst().getFormattedMessage().startsWith("the cluster is silent: "),
          lines.list::toString);
    } finally {
      logger.detachAppender(lines);
    }
  }

  @Test
  void whoTellsPeopleIsClosedWithTheDaemon() throws Exception {
    AtomicInteger closed = new AtomicInteger();
    Notifier channel =
        new Notifier() {
          @Override
          public String channel() {
            return "test";
          }

          @Override
          public Optional<String> deliver(Notice notice, Optional<String> thread) {
            return Optional.empty();
          }

          @Override
          public void close() {
            closed.incrementAndGet();
          }
        };
    try (Daemon daemon =
        Daemons.start(folder, Authentication.none(), new NoCluster(), List.of(channel))) {
      assertEquals(0, closed.get(), daemon::toString);
    }
    assertEquals(1, closed.get());
  }

  @Test
  void aChannelThatIsWellAgainIsToldWithoutARestart() throws Exception {
    CountDownLatch told = new CountDownLatch(1);
    AtomicInteger attempts = new AtomicInteger();
    Notifier channel =
        new Notifier() {
          @Override
          public String channel() {
            return "test";
          }

          @Override
          public Optional<String> deliver(Notice notice, Optional<String> thread) {
            if (attempts.incrementAndGet() == 1) {
              throw new NotifierFailed("it is away", false, Optional.empty());
            }
            told.countDown();
            return Optional.empty();
          }
        };
    try (Daemon daemon =
        Daemons.start(folder, Authentication.none(), new NoCluster(), List.of(channel))) {
      daemon.inbox().offer(new Event.HoldAsked("ann", "because"));
      String ready = readyOnce(daemon, body -> body.contains("it is away"));
      assertTrue(ready.contains("[+]notices degraded: test takes no notices since "), ready);
      assertTrue(told.await(30, TimeUnit.SECONDS));
      String well = readyOnce(daemon, body -> !body.contains("it is away"));
      assertFalse(well.contains("notices degraded"), well);
    }
  }

  private String readyOnceAsked(Daemon daemon) throws Exception {
    return readyOnce(daemon, body -> !body.contains("not asked yet"));
  }

  private String readyOnce(Daemon daemon, Predicate<String> as) throws Exception {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    String ready = get(daemon, "/-/ready").body();
    while (!as.test(ready) && System.nanoTime() < until) {
      Thread.onSpinWait();
      ready = get(daemon, "/-/ready").body();
    }
    return ready;
  }

  private static double value(String scraped, String series) {
    return Pattern.compile("^" + series + " (\\S+)$", Pattern.MULTILINE)
        .matcher(scraped)
        .results()
        .mapToDouble(found -> Double.parseDouble(found.group(1)))
        .findFirst()
        .orElseThrow();
  }

  private HttpResponse<String> get(Daemon daemon, String path, String... headers) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + daemon.port() + path))
            .timeout(Duration.ofSeconds(20));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), BodyHandlers.ofString());
  }

  /** A cluster that never answers. */
  private static final class SilentCluster implements Cluster {
    @Override
    public boolean allows(Access access) {
      throw new ClusterUnavailable("no answer");
    }

    @Override
    public Observation observe(Target target) {
      throw new ClusterUnavailable("no answer");
    }

    @Override
    public Set<Workload> find(WorkloadSelector selector, Place place) {
      throw new ClusterUnavailable("nothing is looked for here");
    }

    @Override
    public Preflight preflight(ActionId id, Plan plan) {
      throw new ClusterUnavailable("no answer");
    }

    @Override
    public Outcome apply(ActionId id, Plan plan) {
      return new Outcome.Refused(Reason.CLUSTER_UNAVAILABLE, "no answer");
    }

    @Override
    public Inspection inspect(ActionId id, Plan plan) {
      throw new ClusterUnavailable("no answer");
    }

    @Override
    public Settlement settle(ActionId id, Plan plan) {
      throw new ClusterUnavailable("no answer");
    }
  }
}
