package dev.belay.bench;

import dev.belay.controlplane.ClusterNamespace;
import dev.belay.controlplane.ControlPlane;
import dev.belay.controlplane.FreePort;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/**
 * {@code belay run} on a real API server with a fleet of thousands of Deployments, beside the same
 * with one: how long until it is ready, until it knows what each of them runs, and what memory that
 * takes. The API server and etcd share the machine with it.
 */
public final class WatchBench {
  private static final int MANY = 5_000;
  private static final int CLIENTS = 16;

  /** For a machine that has other things to do. */
  private static final Duration PATIENCE = Duration.ofMinutes(15);

  private static final Duration SHORT = Duration.ofMillis(20);
  private static final Duration LONG = Duration.ofSeconds(5);

  /** To tell of all services is work for it. */
  private static final Duration SECONDS = Duration.ofSeconds(2);

  private WatchBench() {}

  /** Prints the table. */
  public static void main(String[] args) throws Exception {
    ControlPlane plane = ControlPlane.shared();
    Figures one = measured(plane, 1);
    Figures many = measured(plane, MANY);
    Table.head(MANY + " watched Deployments beside one");
    Table.row("start to ready, ms", many.ready(), one.ready());
    Table.row("start to each known, ms", many.known(), one.known());
    Table.row("resident memory, MB", many.megabytes(), one.megabytes());
  }

  private record Figures(double ready, double known, double megabytes) {}

  private static Figures measured(ControlPlane plane, int deployments) throws Exception {
    ClusterNamespace namespace = new ClusterNamespace(plane, "bench");
    create(plane, namespace.name(), deployments);
    int port = FreePort.next();
    Path configuration = configuration(plane, namespace.name(), port);
    long began = System.nanoTime();
    Process belay =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@config/jvm.options",
                "-Dlogback.configurationFile=logback.xml",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.belay.cli.Main",
                "run",
                "--config",
                configuration.toString())
            .redirectErrorStream(true)
            .redirectOutput(configuration.resolveSibling("belay.log").toFile())
            .start();
    try (HttpClient http = HttpClient.newHttpClient()) {
      await(SHORT, () -> get(http, port, "/-/ready").statusCode() == 200);
      double ready = (System.nanoTime() - began) / 1e6;
      await(SECONDS, () -> known(get(http, port, "/api/v1/services").body()) == deployments);
      double known = (System.nanoTime() - began) / 1e6;
      return new Figures(ready, known, Server.residentMegabytes(belay));
    } finally {
      belay.destroyForcibly();
      belay.onExit().join();
    }
  }

  /** Of how many services the present revision is told. */
  private static int known(String services) {
    int count = 0;
    for (int at = services.indexOf("\"images\"");
        at >= 0;
        at = services.indexOf("\"images\"", at)) {
      count++;
      at++;
    }
    return count;
  }

  /** Without pods: what is measured is Belay. */
  private static void create(ControlPlane plane, String namespace, int count) throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(CLIENTS)) {
      List<? extends Future<?>> made =
          IntStream.range(0, count)
              .mapToObj(
                  number ->
                      threads.submit(
                          () -> {
                            plane.client().resource(deployment(namespace, number)).create();
                          }))
              .toList();
      for (Future<?> each : made) {
        each.get();
      }
    }
    await(
        LONG,
        () ->
            plane.client().apps().replicaSets().inNamespace(namespace).list().getItems().size()
                == count);
  }

  private static Deployment deployment(String namespace, int number) {
    String name = "service-" + number;
    return new DeploymentBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace(namespace)
        .endMetadata()
        .withNewSpec()
        .withReplicas(0)
        .withNewSelector()
        .addToMatchLabels("app", name)
        .endSelector()
        .withNewTemplate()
        .withNewMetadata()
        .addToLabels("app", name)
        .endMetadata()
        .withNewSpec()
        .addNewContainer()
        .withName("app")
        .withImage("registry.example.org/" + name + ":1")
        .endContainer()
        .endSpec()
        .endTemplate()
        .endSpec()
        .build();
  }

  private static Path configuration(ControlPlane plane, String namespace, int port)
      throws IOException {
    Path folder = Files.createTempDirectory("belay-bench");
    Path rules = Files.createDirectories(folder.resolve("rules"));
    Files.writeString(
        rules.resolve("fleet.yml"),
        """
        services:
          name: bench
          workloads: "namespace=%s"
          match: { namespace: "{namespace}", deployment: "{name}" }
        remediations:
          - name: bad-release
            when: [ 'alertname="Errors"' ]
            blame: { release: 1h }
            mode: propose
            ladder: [ { rollback: { to: last-good } } ]
        """
            .formatted(namespace));
    return Files.writeString(
        folder.resolve("belay.yml"),
        """
        listen: 127.0.0.1:%d
        rules: rules
        journal: journal
        cluster: { kubeconfig: %s, context: %s }
        """
            .formatted(port, plane.kubeconfig(), ControlPlane.ADMIN));
  }

  private static HttpResponse<String> get(HttpClient http, int port, String path)
      throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .timeout(Duration.ofSeconds(20))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private interface Condition {
    boolean holds() throws IOException, InterruptedException;
  }

  private static void await(Duration pause, Condition condition) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < end) {
      try {
        if (condition.holds()) {
          return;
        }
      } catch (IOException e) {
        // It does not listen yet.
      }
      Thread.sleep(pause);
    }
    throw new IllegalStateException("not within " + PATIENCE);
  }
}
