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
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/** Feature flags in ConfigMaps, on the cluster in memory. Called with nobody else in between. */
final class FlagActions {
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

  Preflight preflight(ActionId id, Plan.SetFlags plan) {
    Optional<StoredObject> found = found(plan.configMap());
    Optional<Preflight> answer = common(id, found, plan.configMap(), plan.uid());
    if (answer.isPresent()) {
      return answer.get();
    }
    StoredObject object = found.orElseThrow();
    if (done(object, plan)) {
      return new Preflight.AlreadyDone(plan.configMap() + " already has these values");
    }
    List<String> changed = keys(plan, key -> !value(object, key).equals(plan.prior().get(key)));
    if (!changed.isEmpty()) {
      return new Preflight.Refused(
          Reason.SUPERSEDED, plan.configMap() + " was changed since it was read: " + changed);
    }
    return new Preflight.Ready(plan);
  }

  Preflight preflight(ActionId id, Plan.RestoreFlags plan) {
    Optional<StoredObject> found = found(plan.configMap());
    Optional<Preflight> answer = common(id, found, plan.configMap(), plan.uid());
    if (answer.isPresent()) {
      return answer.get();
    }
    StoredObject object = found.orElseThrow();
    if (!restorable(object, plan).isEmpty()) {
      return new Preflight.Ready(plan);
    }
    List<String> changed = changedByPerson(object, plan);
    return changed.isEmpty()
        ? new Preflight.AlreadyDone(plan.configMap() + " already is as it was before")
        : new Preflight.Refused(
            Reason.CHANGED_BY_PERSON, "changed since, and left as they are: " + changed);
  }

  private static Optional<Preflight> common(
      ActionId id, Optional<StoredObject> found, ConfigMapRef configMap, String uid) {
    if (found.isEmpty()) {
      return Optional.of(
          new Preflight.Refused(Reason.TARGET_MISSING, configMap + " is not in the cluster"));
    }
    StoredObject object = found.get();
    if (stands(id, object)) {
      return Optional.of(new Preflight.AlreadyDone("action " + id + " stands on " + configMap));
    }
    if (!object.uid.equals(uid)) {
      return Optional.of(
          new Preflight.Refused(Reason.SUPERSEDED, configMap + " was deleted and made again"));
    }
    if (object.immutable) {
      return Optional.of(new Preflight.Refused(Reason.IMMUTABLE, configMap + " is immutable"));
    }
    return Optional.empty();
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
    Optional<StoredObject> found = found(plan.configMap());
    Optional<Inspection> answer = common(id, found, plan.uid(), plan.configMap());
    if (answer.isPresent()) {
      return answer.get();
    }
    StoredObject object = found.orElseThrow();
    if (done(object, plan)) {
      return new Inspection(Finding.ALREADY_DONE, plan.configMap() + " has these values");
    }
    return keys(plan, key -> !value(object, key).equals(plan.prior().get(key))).isEmpty()
        ? new Inspection(Finding.UNTOUCHED, plan.configMap() + " is as it was")
        : new Inspection(Finding.SUPERSEDED, plan.configMap() + " was changed since");
  }

  Inspection inspect(ActionId id, Plan.RestoreFlags plan) {
    Optional<StoredObject> found = found(plan.configMap());
    Optional<Inspection> answer = common(id, found, plan.uid(), plan.configMap());
    if (answer.isPresent()) {
      return answer.get();
    }
    StoredObject object = found.orElseThrow();
    if (!restorable(object, plan).isEmpty()) {
      return new Inspection(Finding.UNTOUCHED, plan.configMap() + " still has Belay's values");
    }
    return changedByPerson(object, plan).isEmpty()
        ? new Inspection(Finding.ALREADY_DONE, plan.configMap() + " is as it was before")
        : new Inspection(Finding.SUPERSEDED, plan.configMap() + " was changed since");
  }

  private static Optional<Inspection> common(
      ActionId id, Optional<StoredObject> found, String uid, ConfigMapRef configMap) {
    if (found.isEmpty()) {
      return Optional.of(new Inspection(Finding.SUPERSEDED, configMap + " is gone"));
    }
    if (stands(id, found.get())) {
      return Optional.of(
          new Inspection(Finding.EFFECTIVE, "action " + id + " stands on " + configMap));
    }
    return found.get().uid.equals(uid)
        ? Optional.empty()
        : Optional.of(new Inspection(Finding.SUPERSEDED, configMap + " was made again"));
  }

  Settlement settle(Plan.SetFlags plan) {
    Optional<StoredObject> found = found(plan.configMap());
    if (found.isEmpty()) {
      return new Settlement.Failed(Reason.TARGET_MISSING, plan.configMap() + " is gone");
    }
    return done(found.get(), plan)
        ? new Settlement.Settled(plan.configMap() + " has these values")
        : new Settlement.Failed(
            Reason.CHANGED_BY_PERSON, plan.configMap() + " was changed by somebody else since");
  }

  Settlement settle(Plan.RestoreFlags plan) {
    Optional<StoredObject> found = found(plan.configMap());
    if (found.isEmpty()) {
      return new Settlement.Failed(Reason.TARGET_MISSING, plan.configMap() + " is gone");
    }
    return restorable(found.get(), plan).isEmpty()
        ? new Settlement.Settled(plan.configMap() + " no longer has Belay's values")
        : new Settlement.Failed(
            Reason.CHANGED_BY_PERSON, plan.configMap() + " was given Belay's values again");
  }

  private static boolean done(StoredObject object, Plan.SetFlags plan) {
    return object.data.entrySet().containsAll(plan.set().entrySet());
  }

  private static List<String> keys(Plan.SetFlags plan, Predicate<String> which) {
    return plan.set().keySet().stream().filter(which).toList();
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
    return id.value().equals(object.annotations.get(MemoryCluster.ACTION));
  }

  private void mark(ActionId id, StoredObject object) {
    object.annotations.put(MemoryCluster.ACTION, id.value());
    plane.written(object);
  }

  private Optional<StoredObject> found(ConfigMapRef configMap) {
    return plane.object(StoredObject.Key.configMap(configMap.namespace(), configMap.name()));
  }
}
