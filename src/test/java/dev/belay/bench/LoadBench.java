package dev.belay.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The whole daemon under load, beside the same server with journal and rules off, in one run. The
 * generator shares the machine's cores with the server; so does the baseline's.
 */
public final class LoadBench {
  private static final int CONNECTIONS = 64;
  private static final int BATCH = 100;

  /** Alerts to warm up with, and to measure; in all fewer than the daemon remembers at most. */
  private static final int WARM = 40_000;

  private static final int MEASURED = 60_000;
  private static final int BATCHED = 5;
  private static final int PROBES = 200;
  private static final int SERVICES = 4 * PROBES;
  private static final AtomicLong UNIQUE = new AtomicLong();

  private static final String WEBHOOK_END =
      "\"},\"annotations\":{\"summary\":\"too much\"},\"startsAt\":\"2026-11-24T10:00:00.000Z\","
          + "\"endsAt\":\"0001-01-01T00:00:00Z\",\"generatorURL\":\"http://prometheus\","
          + "\"fingerprint\":\"0000000000000000\"}]}";

  private LoadBench() {}

  /** Prints the table. */
  public static void main(String[] args) throws Exception {
    Path folder = Files.createTempDirectory("belay-bench");
    double bareSingles;
    double bareBatches;
    try (Server bare = new Server("bare", folder.resolve("bare"), 0)) {
      bareSingles = rate(bare, 1);
      bareBatches = rate(bare, BATCH);
    }
    double singles;
    try (Server real = new Server("real", folder.resolve("singles"), SERVICES)) {
      singles = rate(real, 1);
    }
    double batches;
    try (Server real = new Server("real", folder.resolve("batches"), SERVICES)) {
      batches = rate(real, BATCH);
    }
    System.out.printf(Locale.ROOT, "%-46s %12s %12s %8s%n", "", "Belay", "bare", "ratio");
    row("durable new alerts/s, one a webhook", singles, bareSingles);
    row("durable new alerts/s, 100 a POST /api/v2/alerts", batches, bareBatches);
    try (Server real = new Server("real", folder.resolve("latency"), SERVICES)) {
      rate(real, 1);
      latency("webhook to command, idle", real, 0, 0);
      latency("webhook to command, half load", real, singles / 2, PROBES);
      System.out.printf(
          "%-46s %9d MB%n", "resident memory after the load", real.residentMegabytes());
    }
  }

  private static void row(String what, double belay, double bare) {
    System.out.printf(
        Locale.ROOT, "%-46s %12.0f %12.0f %7.0f%%%n", what, belay, bare, 100 * belay / bare);
  }

  /** Alerts a second, after warming up. */
  private static double rate(Server server, int batch) throws Exception {
    int more = batch == 1 ? 1 : BATCHED;
    load(server, batch, WARM * more / batch);
    int posts = MEASURED * more / batch;
    long began = System.nanoTime();
    load(server, batch, posts);
    return posts * batch * 1e9 / (System.nanoTime() - began);
  }

  private static void load(Server server, int batch, int posts) throws Exception {
    AtomicLong left = new AtomicLong(posts);
    List<Future<?>> senders = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < CONNECTIONS; i++) {
        senders.add(threads.submit(() -> send(server, batch, left)));
      }
      for (Future<?> sender : senders) {
        sender.get();
      }
    }
  }

  private static @Nullable Void send(Server server, int batch, AtomicLong left) throws IOException {
    try (Connection connection = new Connection(server.port())) {
      while (left.getAndDecrement() > 0) {
        post(connection, batch);
      }
    }
    return null;
  }

  private static void post(Connection connection, int batch) throws IOException {
    int status =
        batch == 1
            ? connection.post(
                "/webhooks/alertmanager", webhook("Noise", "service-" + UNIQUE.get() % SERVICES))
            : connection.post("/api/v2/alerts", posted(batch));
    if (status != 200) {
      throw new IOException("answered " + status);
    }
  }

  private static byte[] webhook(String name, String service) {
    String start =
        "{\"version\":\"4\",\"groupKey\":\"{}:{alertname=\\\""
            + name
            + "\\\"}\",\"truncatedAlerts\":0,\"status\":\"firing\",\"receiver\":\"belay\",\"groupLabels\":{\"alertname\":\""
            + name
            + "\"},\"commonLabels\":{},\"commonAnnotations\":{},\"externalURL\":\"http://alertmanager\",\"alerts\":"
            + "[{\"status\":\"firing\",\"labels\":{\"alertname\":\""
            + name
            + "\",\"service\":\""
            + service
            + "\",\"severity\":\"critical\",\"instance\":\"i-";
    return (start + UNIQUE.incrementAndGet() + WEBHOOK_END).getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] posted(int batch) {
    StringBuilder body = new StringBuilder(batch * 200).append('[');
    for (int i = 0; i < batch; i++) {
      body.append(i == 0 ? "" : ",")
          .append("{\"labels\":{\"alertname\":\"Noise\",\"service\":\"service-")
          .append(UNIQUE.get() % SERVICES)
          .append("\",\"instance\":\"i-")
          .append(UNIQUE.incrementAndGet())
          .append(
              "\",\"severity\":\"critical\"},\"annotations\":{\"summary\":\"too"
                  + " much\"},\"generatorURL\":\"http://p\"}");
    }
    return body.append(']').toString().getBytes(StandardCharsets.UTF_8);
  }

  /**
   * How long from the first byte of a webhook to the command at the cluster, beside so much other
   * load.
   */
  private static void latency(String what, Server server, double load, int firstService)
      throws Exception {
    Thread noise = Thread.ofVirtual().start(() -> pace(server, load));
    Map<String, Long> sent = new HashMap<>();
    try (Connection connection = new Connection(server.port())) {
      for (int i = 0; i < PROBES; i++) {
        int service = firstService + i;
        sent.put("flags-" + service, System.nanoTime());
        connection.post("/webhooks/alertmanager", webhook("Overload", "service-" + service));
        Thread.sleep(10);
      }
    }
    noise.interrupt();
    noise.join();
    long[] nanos =
        server.seen().entrySet().stream()
            .filter(seen -> sent.containsKey(seen.getKey()))
            .mapToLong(seen -> seen.getValue() - sent.getOrDefault(seen.getKey(), 0L))
            .sorted()
            .toArray();
    System.out.printf(
        Locale.ROOT,
        "%-46s p50 %.1f ms, p99 %.1f ms (%d of %d)%n",
        what,
        nanos[nanos.length / 2] / 1e6,
        nanos[nanos.length * 99 / 100] / 1e6,
        nanos.length,
        PROBES);
  }

  private static void pace(Server server, double perSecond) {
    if (perSecond <= 0) {
      return;
    }
    List<Thread> threads = new ArrayList<>();
    int connections = 16;
    long pauseNanos = (long) (1e9 * connections / perSecond);
    for (int i = 0; i < connections; i++) {
      threads.add(
          Thread.ofVirtual()
              .start(
                  () -> {
                    try (Connection connection = new Connection(server.port())) {
                      long next = System.nanoTime();
                      while (!Thread.interrupted()) {
                        post(connection, 1);
                        next += pauseNanos;
                        Thread.sleep(
                            java.time.Duration.ofNanos(Math.max(0, next - System.nanoTime())));
                      }
                    } catch (IOException | InterruptedException e) {
                      Thread.currentThread().interrupt();
                    }
                  }));
    }
    try {
      Thread.sleep(Long.MAX_VALUE);
    } catch (InterruptedException e) {
      threads.forEach(Thread::interrupt);
    }
  }
}
