package dev.belay.sandbox;

import dev.belay.core.incident.Reason;
import dev.belay.core.remediation.ActionId;
import dev.belay.core.remediation.Inspection;
import dev.belay.core.remediation.Inspection.Finding;
import dev.belay.core.remediation.Manifest;
import dev.belay.core.remediation.Observation;
import dev.belay.core.remediation.Plan;
import dev.belay.core.remediation.Preflight;
import dev.belay.core.remediation.Settlement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Manifests, on the cluster in memory. Called with nobody else in between. */
final class ManifestActions {
  private static final String MANAGED = "belay.dev/managed";
  private static final JsonMapper JSON = new JsonMapper();

  /** The kinds' groups and versions that this cluster knows. */
  private static final Set<String> SERVED =
      Set.of(
          "v1",
          "networking.k8s.io/v1",
          "networking.istio.io/v1",
          "networking.istio.io/v1alpha3",
          "networking.istio.io/v1beta1",
          "gateway.networking.k8s.io/v1",
          "gateway.envoyproxy.io/v1alpha1");

  private final ControlPlane plane;

  ManifestActions(ControlPlane plane) {
    this.plane = plane;
  }

  static StoredObject.Key key(Manifest manifest) {
    return new StoredObject.Key(
        manifest.apiVersion(), manifest.kind(), manifest.namespace(), manifest.name());
  }

  /** Creates the object or brings it up to date. */
  static StoredObject write(ControlPlane plane, Manifest manifest) {
    Map<String, @Nullable Object> tree = new LinkedHashMap<>();
    JSON.readTree(manifest.json())
        .properties()
        .forEach(each -> tree.put(each.getKey(), JSON.treeToValue(each.getValue(), Object.class)));
    StoredObject object = plane.made(key(manifest));
    if (tree.remove("metadata") instanceof Map<?, ?> metadata) {
      copyTexts(metadata.get("labels"), object.labels);
      copyTexts(metadata.get("annotations"), object.annotations);
    }
    if (manifest.kind().equals("ConfigMap")) {
      copyTexts(tree.get("data"), object.data);
    }
    object.content = tree;
    plane.written(object);
    return object;
  }

  private static void copyTexts(@Nullable Object from, SortedMap<String, String> to) {
    if (from instanceof Map<?, ?> map) {
      map.forEach((key, value) -> to.put(Objects.toString(key), Objects.toString(value)));
    }
  }

  Observation observe(List<Manifest> manifests) {
    return new Observation.OfManifests(manifests, which(manifests, this::foreign));
  }

  Preflight preflight(ActionId id, Plan.ApplyManifests plan) {
    List<Manifest> unknown = which(plan.manifests(), each -> !SERVED.contains(each.apiVersion()));
    if (!unknown.isEmpty()) {
      return new Preflight.Refused(
          Reason.TARGET_MISSING,
          "the cluster does not know the kind of " + unknown + "; is its CRD installed?");
    }
    if (plan.manifests().stream().allMatch(each -> stands(id, each))) {
      return new Preflight.AlreadyDone("action " + id + " stands on " + plan.manifests());
    }
    List<Manifest> foreign = which(plan.manifests(), this::foreign);
    return foreign.isEmpty()
        ? new Preflight.Ready(plan)
        : new Preflight.Refused(
            Reason.NOT_OURS, foreign + " lacks the label " + MANAGED + ": Belay did not make it");
  }

  Preflight preflight(Plan.DeleteManifests plan) {
    if (plan.manifests().stream().anyMatch(each -> made(plan, each))) {
      return new Preflight.Ready(plan);
    }
    List<Manifest> foreign = which(plan.manifests(), this::foreign);
    return foreign.isEmpty()
        ? new Preflight.AlreadyDone(plan.manifests() + " is gone, or another action's by now")
        : new Preflight.Refused(
            Reason.NOT_OURS, foreign + " lacks the label " + MANAGED + ": Belay did not make it");
  }

  /** Makes the change; the preflight said that it may be made. */
  String change(ActionId id, Plan.ApplyManifests plan) {
    for (Manifest each : plan.manifests()) {
      StoredObject object = write(plane, each);
      object.labels.put(MANAGED, "true");
      object.annotations.put(MemoryCluster.ACTION, id.value());
    }
    return "applied " + plan.manifests();
  }

  /** Makes the change; the preflight said that it may be made. */
  String change(Plan.DeleteManifests plan) {
    List<Manifest> foreign = which(plan.manifests(), this::foreign);
    List<Manifest> ours = which(plan.manifests(), each -> made(plan, each));
    ours.forEach(each -> plane.delete(key(each)));
    return "deleted " + ours + (foreign.isEmpty() ? "" : "; not Belay's and left: " + foreign);
  }

  Inspection inspect(ActionId id, Plan.ApplyManifests plan) {
    if (plan.manifests().stream().allMatch(each -> stands(id, each))) {
      return new Inspection(Finding.EFFECTIVE, "action " + id + " stands on all of them");
    }
    List<Manifest> foreign = which(plan.manifests(), this::foreign);
    return foreign.isEmpty()
        ? new Inspection(Finding.UNTOUCHED, "action " + id + " does not stand on all of them")
        : new Inspection(Finding.SUPERSEDED, foreign + " is somebody else's");
  }

  Inspection inspect(Plan.DeleteManifests plan) {
    if (plan.manifests().stream().anyMatch(each -> made(plan, each))) {
      return new Inspection(Finding.UNTOUCHED, "they are still there");
    }
    List<Manifest> foreign = which(plan.manifests(), this::foreign);
    return foreign.isEmpty()
        ? new Inspection(Finding.ALREADY_DONE, "they are gone, or another action's by now")
        : new Inspection(Finding.SUPERSEDED, foreign + " is somebody else's");
  }

  Settlement settle(ActionId id, Plan.ApplyManifests plan) {
    List<Manifest> foreign = which(plan.manifests(), this::foreign);
    if (!foreign.isEmpty()) {
      return new Settlement.Failed(Reason.NOT_OURS, foreign + " is somebody else's");
    }
    List<Manifest> missing = which(plan.manifests(), each -> !stands(id, each));
    return missing.isEmpty()
        ? new Settlement.Settled("applied " + plan.manifests())
        : new Settlement.Failed(
            Reason.TARGET_MISSING, missing + " does not stand as action " + id + " left it");
  }

  Settlement settle(Plan.DeleteManifests plan) {
    List<Manifest> ours = which(plan.manifests(), each -> made(plan, each));
    return ours.isEmpty()
        ? new Settlement.Settled("deleted")
        : new Settlement.Progressing(ours + " is being deleted");
  }

  private static List<Manifest> which(List<Manifest> manifests, Predicate<Manifest> which) {
    return manifests.stream().filter(which).toList();
  }

  private boolean foreign(Manifest manifest) {
    return plane
        .object(key(manifest))
        .filter(each -> !"true".equals(each.labels.get(MANAGED)))
        .isPresent();
  }

  /** Whether it is what the plan wants gone: ours, and not another action's by now. */
  private boolean made(Plan.DeleteManifests plan, Manifest manifest) {
    return ours(manifest) && plan.madeBy().filter(id -> !stands(id, manifest)).isEmpty();
  }

  private boolean ours(Manifest manifest) {
    return plane.object(key(manifest)).isPresent() && !foreign(manifest);
  }

  private boolean stands(ActionId id, Manifest manifest) {
    Optional<StoredObject> object = plane.object(key(manifest));
    return object
        .map(each -> id.value().equals(each.annotations.get(MemoryCluster.ACTION)))
        .orElse(false);
  }
}
