package dev.belay.e2e;

import dev.belay.controlplane.ClusterNamespace;
import dev.belay.controlplane.ControlPlane;
import dev.belay.controlplane.Eventually;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The covet service on the real control plane, and what a Belay says of it. */
record Covet(ControlPlane plane, ClusterNamespace namespace, int port) {
  static final String APP = "covet-app";
  static final String V1 = "covet/app:v1";
  static final String V2 = "covet/app:v2";
  static final int REPLICAS = 3;
  static final Duration SOON = Duration.ofSeconds(60);

  private static final JsonMapper JSON = JsonMapper.shared();

  /** In a namespace of its own, running its first version. */
  static Covet deployed(int port) {
    ControlPlane plane = ControlPlane.shared();
    ClusterNamespace namespace = new ClusterNamespace(plane, "covet");
    namespace.createDeployment(APP, REPLICAS, V1);
    return new Covet(plane, namespace, port);
  }

  /** Has Belay's own alerts of rollouts that crash wait for two seconds only. */
  static void writeRolloutAlerts(Path rules) {
    Programs.write(
        rules,
        "alerts.yml",
        """
        groups:
          - name: rollouts
            rules:
              - alert: DeploymentCrashLooping
                expr: kube_pod_container_status_waiting_reason{reason="CrashLoopBackOff"} > 0
                for: 2s
        """);
  }

  /**
   * Has a bad release rolled back, and a person paged where that does not help.
   *
   * @param alert the alert that calls for it
   * @param mode the rule's mode, as people write it
   * @param verify within what time the alert has to end
   */
  void writeRule(Path rules, String alert, String mode, String verify) {
    Programs.write(
        rules,
        "covet.yml",
        """
        service: covet
        workload: deployment/%1$s/covet-app
        match: { namespace: %1$s }
        remediations:
          - name: bad-release
            when: [ 'alertname="%2$s"' ]
            blame: { release: 10m }
            mode: %3$s
            ladder:
              - rollback: { to: last-good }
                verify: %4$s
              - page: {}
        soak: 3s
        """
            .formatted(namespace.name(), alert, mode, verify));
  }

  /** As people do, by kubectl. */
  void ship(String image) {
    namespace.setImage(APP, image);
  }

  /** From now on the cluster forgets every revision that runs no more. */
  void keepsNoHistory() {
    namespace.kubectl(
        "patch", "deployment/" + APP, "-p", "{\"spec\":{\"revisionHistoryLimit\":0}}");
  }

  void awaitNoHistory() {
    Eventually.holds(
        "the cluster has forgotten what ran before",
        SOON,
        () ->
            plane
                    .client()
                    .apps()
                    .replicaSets()
                    .inNamespace(namespace.name())
                    .list()
                    .getItems()
                    .size()
                == 1);
  }

  void awaitKnownGood(String image) {
    Eventually.holds(
        image + " is known good",
        SOON,
        () -> {
          JsonNode present = json("/api/v1/services").path("services").path(0).path("present");
          return present.path("images").path(0).asString("").equals(image)
              && present.path("judgement").asString("").equals("good");
        });
  }

  /** Waits until Belay has put its mark on the Deployment. */
  Deployment awaitAction() {
    return Eventually.gives(
        "the rollback", SOON, () -> Optional.of(deployment()).filter(it -> !action(it).isEmpty()));
  }

  /** Waits until all pods run this image and are ready. */
  void awaitReady(String image) {
    Eventually.holds(
        "all pods are ready",
        SOON,
        () -> {
          List<String> images = readyImages();
          return images.size() == REPLICAS && images.stream().allMatch(image::equals);
        });
  }

  JsonNode awaitClosedIncident() {
    return Eventually.gives(
        "the incident is closed",
        SOON,
        () ->
            incidents().stream()
                .filter(incident -> incident.path("state").asString().equals("closed"))
                .findFirst());
  }

  List<JsonNode> incidents() {
    return elements(json("/api/v1/incidents").path("incidents"));
  }

  List<JsonNode> releases() {
    return elements(json("/api/v1/releases").path("releases"));
  }

  JsonNode json(String path) {
    return JSON.readTree(Http.get(port, path).orElseThrow());
  }

  static List<JsonNode> elements(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).toList();
  }

  Deployment deployment() {
    return plane.client().apps().deployments().inNamespace(namespace.name()).withName(APP).get();
  }

  static String action(Deployment deployment) {
    return Optional.ofNullable(deployment.getMetadata().getAnnotations())
        .map(annotations -> annotations.getOrDefault("belay.dev/action", ""))
        .orElse("");
  }

  static List<String> images(Deployment deployment) {
    return deployment.getSpec().getTemplate().getSpec().getContainers().stream()
        .map(container -> container.getImage())
        .toList();
  }

  List<String> readyImages() {
    return plane.client().pods().inNamespace(namespace.name()).list().getItems().stream()
        .filter(Covet::ready)
        .map(pod -> pod.getSpec().getContainers().getFirst().getImage())
        .toList();
  }

  /** Whether a pod of it waits to be started once more. */
  boolean crashing() {
    return plane.client().pods().inNamespace(namespace.name()).list().getItems().stream()
        .flatMap(pod -> pod.getStatus().getContainerStatuses().stream())
        .flatMap(container -> Optional.ofNullable(container.getState()).stream())
        .flatMap(state -> Optional.ofNullable(state.getWaiting()).stream())
        .anyMatch(waiting -> "CrashLoopBackOff".equals(waiting.getReason()));
  }

  private static boolean ready(Pod pod) {
    return pod.getStatus().getConditions().stream()
        .anyMatch(
            condition ->
                condition.getType().equals("Ready") && condition.getStatus().equals("True"));
  }
}
