package dev.belay.intake;

import dev.belay.core.release.Release;
import dev.belay.core.release.Release.Change;
import dev.belay.core.release.Shipment;
import dev.belay.core.release.Shipper;
import dev.belay.core.release.Workload;
import dev.belay.intake.Parsed.Ignorance;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What Argo CD's notifications say by the template in {@code docs/integrations/argocd.md}. Argo CD
 * has no format of its own; this one is Belay's.
 */
final class ArgoCdEvent {
  private static final List<String> KNOWN =
      List.of(
          "app",
          "project",
          "destination",
          "revision",
          "revisions",
          "images",
          "workloads",
          "startedAt",
          "finishedAt",
          "phase",
          "health",
          "initiatedBy");

  private static final List<String> DESTINATION = List.of("server", "name", "namespace");

  /** How Argo CD calls the cluster that it runs in. */
  private static final Set<String> OWN_CLUSTER =
      Set.of("in-cluster", "https://kubernetes.default.svc");

  private ArgoCdEvent() {}

  static Parsed parse(Fields body, Instant receivedAt) {
    body.only(KNOWN);
    String app = body.required("app");
    String phase = body.required("phase");
    return switch (phase) {
      case "Running" -> Releases.taken(shipment(body, app, Optional.empty(), receivedAt));
      case "Succeeded" -> succeeded(body, app, receivedAt);
      case "Failed", "Error", "Terminating" ->
          Releases.ignored(
              Ignorance.NOTHING_SHIPPED,
              "the sync is " + phase + "; what it changed is seen in the cluster");
      default ->
          throw Fields.invalid(
              "the field \"phase\" must be one of Running, Succeeded, Failed, Error, Terminating");
    };
  }

  /** A sync that succeeded only says that the cluster has the manifests: health says the rest. */
  private static Parsed succeeded(Fields body, String app, Instant receivedAt) {
    boolean healthy = body.required("health").equals("Healthy");
    Instant synced =
        body.time("finishedAt", receivedAt)
            .orElseThrow(() -> Fields.invalid("the field \"finishedAt\" is missing"));
    return Releases.taken(
        shipment(body, app, healthy ? Optional.of(synced) : Optional.empty(), receivedAt));
  }

  private static Shipment shipment(
      Fields body, String app, Optional<Instant> finishedAt, Instant receivedAt) {
    Instant startedAt =
        body.time("startedAt", receivedAt)
            .orElseThrow(() -> Fields.invalid("the field \"startedAt\" is missing"));
    if (finishedAt.filter(startedAt::isAfter).isPresent()) {
      throw Fields.invalid("the field \"finishedAt\" is before \"startedAt\"");
    }
    Fields destination = body.object("destination");
    destination.only(DESTINATION);
    return new Shipment(
        Shipper.ARGOCD,
        app,
        app,
        destination.optional("namespace"),
        destination
            .optional("name")
            .or(() -> destination.optional("server"))
            .filter(cluster -> !OWN_CLUSTER.contains(cluster)),
        workloads(body.texts("workloads")),
        false,
        new Release(
            app + "@" + body.required("startedAt"),
            Shipper.ARGOCD.key(),
            app,
            "",
            Change.DEPLOYED,
            version(body),
            finishedAt.flatMap(_ -> image(body.texts("images"))),
            startedAt,
            finishedAt,
            body.optional("initiatedBy")));
  }

  private static Optional<String> version(Fields body) {
    List<String> revisions = body.texts("revisions");
    return body.optional("revision")
        .or(
            () ->
                revisions.isEmpty() ? Optional.empty() : Optional.of(String.join(" ", revisions)));
  }

  /** Which of several images is the service's cannot be told, and a wrong one leads astray. */
  private static Optional<String> image(List<String> images) {
    List<String> distinct = images.stream().distinct().toList();
    return distinct.size() == 1 ? Optional.of(distinct.getFirst()) : Optional.empty();
  }

  private static Set<Workload> workloads(List<String> names) {
    Set<Workload> workloads = new LinkedHashSet<>();
    for (String name : names) {
      String[] parts = name.split("/", -1);
      if (parts.length != 3) {
        throw Fields.invalid("the field \"workloads\" must hold names like deployment/covet/app");
      }
      workloads.add(new Workload(parts[0], parts[1], parts[2]));
    }
    return workloads;
  }
}
