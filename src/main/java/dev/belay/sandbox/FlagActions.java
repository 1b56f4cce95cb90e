package dev.belay.sandbox;

import dev.belay.core.incident.Reason;
import dev.belay.core.remediation.ActionId;
import dev.belay.core.remediation.ConfigMapRef;
import dev.belay.core.remediation.Inspection;
import dev.belay.core.remediation.Inspection.Finding;
import dev.belay.core.remediation.Observation;
import dev.belay.core.remediation.Plan;
import dev.belay.core.remediation.Preflight;
import dev.belay.core.remediation.Settlement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;

/** Feature flags in ConfigMaps, on the cluster in memory. Called with nobody else in between. */
final class FlagActions {
  private static final int MARKS_KEPT = 16;

  private final ControlPlane plane;

  FlagActions(ControlPlane plane) {
    this.plane = plane;
  }

  Observation observe(ConfigMapRef configMap) {
    return found(configMap)
        .<Observation>map(
            each ->
                new Observation.OfConfigMap(
                    configMap, each.uid, each.immutable, new TreeMap<>(each.data)))
        .orElseGet(() -> new Observation.Missing(configMap.toString()));
  }

  /** How the values stand to a plan, and a sentence that says so. */
  private record Standing(Finding finding, String sentence) {}

  Preflight preflight(ActionId id, Plan.SetFlags plan) {
    return preflight(
        id, plan, plan.configMap(), plan.uid(), Reason.SUPERSEDED, live -> standing(live, plan));
  }

  Preflight preflight(ActionId id, Plan.RestoreFlags plan) {
    return preflight(
        id,
        plan,
        plan.configMap(),
        plan.uid(),
        Reason.CHANGED_BY_PERSON,
        live -> standing(live, plan));
  }

  private Preflight preflight(
      ActionId id,
      Plan plan,
      ConfigMapRef ref,
      String uid,
      Reason changed,
      Function<StoredObject, Standing> values) {
    Optional<StoredObject> found = found(ref);
    if (found.isEmpty()) {
      return new Preflight.Refused(Reason.TARGET_MISSING, ref + " is not in the cluster");
    }
    StoredObject live = found.get();
    if (stands(id, live)) {
      return new Preflight.AlreadyDone("action " + id + " stands on " + ref);
    }
    if (!live.uid.equals(uid)) {
      return new Preflight.Refused(Reason.SUPERSEDED, ref + " was deleted and made again");
    }
    if (live.immutable) {
      return new Preflight.Refused(Reason.IMMUTABLE, ref + " is immutable");
    }
    Standing standing = values.apply(live);
    return switch (standing.finding()) {
      case UNTOUCHED -> new Preflight.Ready(plan);
      case EFFECTIVE, ALREADY_DONE -> new Preflight.AlreadyDone(standing.sentence());
      case SUPERSEDED -> new Preflight.Refused(changed, standing.sentence());
    };
  }

  /** Makes the change; the preflight said that it may be made. */
  String change(ActionId id, Plan.SetFlags plan) {
    StoredObject object = found(plan.configMap()).orElseThrow();
    object.data.putAll(plan.set());
    mark(id, object);
    return plan.configMap() + ": set " + plan.set();
  }

  /** Makes the change; the preflight said that it may be made. */
  String change(ActionId id, Plan.RestoreFlags plan) {
    StoredObject object = found(plan.configMap()).orElseThrow();
    List<String> left = changedByPerson(object, plan);
    restorable(object, plan)
        .forEach(
            key ->
                prior(plan, key)
                    .ifPresentOrElse(
                        value -> object.data.put(key, value), () -> object.data.remove(key)));
    mark(id, object);
    return plan.configMap()
        + ": put back"
        + (left.isEmpty() ? "" : "; changed by a person and left as they are: " + left);
  }

  Inspection inspect(ActionId id, Plan.SetFlags plan) {
    return inspect(id, plan.configMap(), plan.uid(), live -> standing(live, plan));
  }

  Inspection inspect(ActionId id, Plan.RestoreFlags plan) {
    return inspect(id, plan.configMap(), plan.uid(), live -> standing(live, plan));
  }

  private Inspection inspect(
      ActionId id, ConfigMapRef ref, String uid, Function<StoredObject, Standing> values) {
    Optional<StoredObject> found = found(ref);
    if (found.isEmpty()) {
      return new Inspection(Finding.SUPERSEDED, ref + " is gone");
    }
    StoredObject live = found.get();
    if (stands(id, live)) {
      return new Inspection(Finding.EFFECTIVE, "action " + id + " stands on " + ref);
    }
    if (!live.uid.equals(uid)) {
      return new Inspection(Finding.SUPERSEDED, ref + " was deleted and made again");
    }
    Standing standing = values.apply(live);
    return new Inspection(standing.finding(), standing.sentence());
  }

  Settlement settle(Plan.SetFlags plan) {
    return settle(
        plan.configMap(), live -> isSet(live, plan), "was changed by somebody else since");
  }

  Settlement settle(Plan.RestoreFlags plan) {
    return settle(
        plan.configMap(),
        live -> restorable(live, plan).isEmpty(),
        "was given Belay's values again");
  }

  private Settlement settle(ConfigMapRef ref, Predicate<StoredObject> wanted, String otherwise) {
    Optional<StoredObject> found = found(ref);
    if (found.isEmpty()) {
      return new Settlement.Failed(Reason.TARGET_MISSING, ref + " is gone");
    }
    return wanted.test(found.get())
        ? new Settlement.Settled(ref + " has the wanted values")
        : new Settlement.Failed(Reason.CHANGED_BY_PERSON, ref + " " + otherwise);
  }

  private static Standing standing(StoredObject live, Plan.SetFlags plan) {
    if (isSet(live, plan)) {
      return new Standing(Finding.ALREADY_DONE, plan.configMap() + " has these values");
    }
    List<String> changed =
        plan.set().keySet().stream()
            .filter(key -> !value(live, key).equals(plan.prior().get(key)))
            .toList();
    return changed.isEmpty()
        ? new Standing(Finding.UNTOUCHED, plan.configMap() + " is as it was")
        : new Standing(Finding.SUPERSEDED, plan.configMap() + " was changed since: " + changed);
  }

  private static Standing standing(StoredObject live, Plan.RestoreFlags plan) {
    if (!restorable(live, plan).isEmpty()) {
      return new Standing(Finding.UNTOUCHED, plan.configMap() + " still has Belay's values");
    }
    List<String> changed = changedByPerson(live, plan);
    return changed.isEmpty()
        ? new Standing(Finding.ALREADY_DONE, plan.configMap() + " is as it was before")
        : new Standing(
            Finding.SUPERSEDED,
            plan.configMap() + " was changed since, and is left as it is: " + changed);
  }

  private static boolean isSet(StoredObject live, Plan.SetFlags plan) {
    return live.data.entrySet().containsAll(plan.set().entrySet());
  }

  /** The flags that have Belay's value and had another before. */
  private static List<String> restorable(StoredObject object, Plan.RestoreFlags plan) {
    return plan.set().keySet().stream()
        .filter(key -> value(object, key).equals(Optional.ofNullable(plan.set().get(key))))
        .filter(key -> !value(object, key).equals(prior(plan, key)))
        .toList();
  }

  /** The flags that have neither Belay's value nor the one before. */
  private static List<String> changedByPerson(StoredObject object, Plan.RestoreFlags plan) {
    return plan.set().keySet().stream()
        .filter(key -> !value(object, key).equals(Optional.ofNullable(plan.set().get(key))))
        .filter(key -> !value(object, key).equals(prior(plan, key)))
        .toList();
  }

  private static Optional<String> prior(Plan.RestoreFlags plan, String key) {
    return plan.prior().getOrDefault(key, Optional.empty());
  }

  private static Optional<String> value(StoredObject object, String key) {
    return Optional.ofNullable(object.data.get(key));
  }

  private static boolean stands(ActionId id, StoredObject object) {
    return marks(object).contains(id.value());
  }

  private static List<String> marks(StoredObject object) {
    return Optional.ofNullable(object.annotations.get(MemoryCluster.ACTION))
        .map(marks -> List.of(marks.split(",")))
        .orElse(List.of());
  }

  private void mark(ActionId id, StoredObject object) {
    List<String> marks = new ArrayList<>(marks(object));
    marks.addFirst(id.value());
    object.annotations.put(
        MemoryCluster.ACTION,
        String.join(",", marks.subList(0, Math.min(marks.size(), MARKS_KEPT))));
    plane.written(object);
  }

  private Optional<StoredObject> found(ConfigMapRef configMap) {
    return plane.object(StoredObject.Key.configMap(configMap.namespace(), configMap.name()));
  }
}
