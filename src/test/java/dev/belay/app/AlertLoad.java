package dev.belay.app;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Posts webhooks as Alertmanager does, whether or not anybody listens: noise that concerns nobody,
 * and for each service in turn an incident, after the end of the one before; and announces releases
 * as pipelines do. Keeps what was answered with 200.
 */
final class AlertLoad implements AutoCloseable {
  private static final int NOISE_MILLIS = 8;
  private static final int INCIDENT_MILLIS = 150;
  private static final int RELEASE_MILLIS = 40;

  private final ScheduledExecutorService threads = Executors.newScheduledThreadPool(3);
  private final HttpClient client =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
  private final Set<String> fired = ConcurrentHashMap.newKeySet();
  private final Set<String> resolved = ConcurrentHashMap.newKeySet();
  private final Set<String> announced = ConcurrentHashMap.newKeySet();
  private final Semaphore acknowledged = new Semaphore(0);
  private final Map<Integer, String> current = new HashMap<>();
  private final int services;
  private volatile int port;
  private int noise;
  private int incident;
  private int release;

  AlertLoad(int services) {
    this.services = services;
  }

  void start() {
    var _ = threads.scheduleWithFixedDelay(this::noise, 0, NOISE_MILLIS, TimeUnit.MILLISECONDS);
    var _ =
        threads.scheduleWithFixedDelay(this::incident, 0, INCIDENT_MILLIS, TimeUnit.MILLISECONDS);
    var _ = threads.scheduleWithFixedDelay(this::release, 0, RELEASE_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** Where the daemon is from now on; 0: nowhere. */
  void to(int address) {
    port = address;
  }

  /** The instances of the alerts that were acknowledged as firing. */
  Set<String> fired() {
    return Set.copyOf(fired);
  }

  /** The instances of those whose end was acknowledged too. */
  Set<String> resolved() {
    return Set.copyOf(resolved);
  }

  /** The ids of the releases that were acknowledged. */
  Set<String> announced() {
    return Set.copyOf(announced);
  }

  private void release() {
    String id = "release-" + release++;
    String body =
        "{\"id\":\"%s\",\"source\":\"pipeline\",\"service\":\"service-%d\",\"version\":\"%1$s\"}"
            .formatted(id, release % services);
    if (post("/api/v1/events", body)) {
      announced.add(id);
    }
  }

  private void noise() {
    String instance = "noise-" + noise++;
    if (post("firing", "Noise", "nobody", instance)) {
      fired.add(instance);
    }
  }

  private void incident() {
    int service = incident % services;
    String name = "service-" + service;
    String before = current.getOrDefault(service, "");
    if (!before.isEmpty() && !resolved.contains(before)) {
      if (!post("resolved", "Overload", name, before)) {
        return;
      }
      resolved.add(before);
    }
    // The same until it is acknowledged.
    String instance = "incident-" + incident;
    if (post("firing", "Overload", name, instance)) {
      fired.add(instance);
      current.put(service, instance);
      incident++;
    }
  }

  /** Waits until so many more requests are acknowledged; no longer than this. */
  void await(int more, long millis) throws InterruptedException {
    acknowledged.drainPermits();
    var _ = acknowledged.tryAcquire(more, millis, TimeUnit.MILLISECONDS);
  }

  private boolean post(String status, String name, String service, String instance) {
    return post("/webhooks/alertmanager", body(status, name, service, instance));
  }

  private boolean post(String path, String body) {
    int now = port;
    if (now == 0) {
      return false;
    }
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + now + path))
            .timeout(Duration.ofSeconds(5))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    try {
      boolean taken =
          client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
      if (taken) {
        acknowledged.release();
      }
      return taken;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static String body(String status, String name, String service, String instance) {
    String ends =
        status.equals("firing")
            ? "0001-01-01T00:00:00Z"
            : java.time.Instant.now().truncatedTo(java.time.temporal.ChronoUnit.MILLIS).toString();
    return """
    {"version":"4","groupKey":"{}:{alertname=\\"%2$s\\"}","truncatedAlerts":0,"status":"%1$s",\
    "receiver":"belay","groupLabels":{},"commonLabels":{},"commonAnnotations":{},\
    "externalURL":"http://alertmanager","alerts":[{"status":"%1$s","labels":{"alertname":"%2$s",\
    "service":"%3$s","instance":"%4$s"},"annotations":{},"startsAt":"2026-11-24T10:00:00.000Z",\
    "endsAt":"%5$s","generatorURL":"http://prometheus","fingerprint":"0000000000000000"}]}
    """
        .formatted(status, name, service, instance, ends);
  }

  /** Sends nothing more; what was acknowledged stays known. */
  void stop() {
    threads.shutdownNow();
    threads.close();
  }

  @Override
  public void close() {
    stop();
    client.close();
  }
}
