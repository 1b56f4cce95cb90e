package dev.belay.kube;

import dev.belay.core.incident.Reason;
import dev.belay.core.remediation.ActionId;
import dev.belay.core.remediation.ConfigMapRef;
import dev.belay.core.remediation.Inspection;
import dev.belay.core.remediation.Inspection.Finding;
import dev.belay.core.remediation.Observation;
import dev.belay.core.remediation.Outcome;
import dev.belay.core.remediation.Plan;
import dev.belay.core.remediation.Preflight;
import dev.belay.core.remediation.Settlement;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Sets feature flags in ConfigMaps, and puts them back. A ConfigMap has no generation, so the guard
 * against change is its resource version; its status does not churn, for it has none. Several
 * services may have their flags in one: each action leaves the marks of the others and touches its
 * own keys only.
 *
 * <p>Whether the pods see it is another matter: what is mounted changes within about a minute, what
 * comes by environment variable or {@code subPath} only with a restart.
 */
final class ConfigMapFlags {
  private final Api api;

  ConfigMapFlags(Api api) {
    this.api = api;
  }

  Observation observe(ConfigMapRef ref) {
    if (!Api.possible(ref.namespace()) || !Api.possible(ref.name())) {
      return new Observation.Missing(ref.toString());
    }
    Optional<KubeObject> read = read(ref);
    if (read.isEmpty()) {
      return new Observation.Missing(ref.toString());
    }
    KubeObject live = read.get();
    SortedMap<String, String> values = new TreeMap<>();
    for (Map.Entry<String, JsonNode> entry : live.json().path("data").properties()) {
      values.put(entry.getKey(), entry.getValue().asString(""));
    }
    return new Observation.OfConfigMap(ref, live.uid(), immutable(live), values);
  }

  Preflight preflight(ActionId id, Plan.SetFlags plan) {
    return preflight(
        plan, plan.configMap(), live -> obstacle(id, plan, live), live -> set(id, plan, live));
  }

  Preflight preflight(ActionId id, Plan.RestoreFlags plan) {
    return preflight(
        plan, plan.configMap(), live -> obstacle(id, plan, live), live -> restore(id, plan, live));
  }

  Outcome apply(ActionId id, Plan.SetFlags plan) {
    return apply(
        id,
        plan.configMap(),
        live -> obstacle(id, plan, live),
        live -> set(id, plan, live),
        _ -> plan.configMap() + ": set " + plan.set());
  }

  Outcome apply(ActionId id, Plan.RestoreFlags plan) {
    return apply(
        id,
        plan.configMap(),
        live -> obstacle(id, plan, live),
        live -> restore(id, plan, live),
        live -> plan.configMap() + ": put back" + left(changedByPerson(plan, live)));
  }

  Inspection inspect(ActionId id, Plan.SetFlags plan) {
    return inspect(
        id,
        plan.configMap(),
        plan.uid(),
        live -> {
          if (isSet(plan, live)) {
            return new Inspection(Finding.ALREADY_DONE, plan.configMap() + " has these values");
          }
          return changed(plan, live).isEmpty()
              ? new Inspection(Finding.UNTOUCHED, plan.configMap() + " is as it was")
              : new Inspection(Finding.SUPERSEDED, plan.configMap() + " was changed since");
        });
  }

  Inspection inspect(ActionId id, Plan.RestoreFlags plan) {
    return inspect(
        id,
        plan.configMap(),
        plan.uid(),
        live -> {
          if (!restorable(plan, live).isEmpty()) {
            return new Inspection(
                Finding.UNTOUCHED, plan.configMap() + " still has Belay's values");
          }
          return changedByPerson(plan, live).isEmpty()
              ? new Inspection(Finding.ALREADY_DONE, plan.configMap() + " is as it was before")
              : new Inspection(Finding.SUPERSEDED, plan.configMap() + " was changed since");
        });
  }

  private Inspection inspect(
      ActionId id, ConfigMapRef ref, String uid, Function<KubeObject, Inspection> values) {
    Optional<KubeObject> read = read(ref);
    if (read.isEmpty()) {
      return new Inspection(Finding.SUPERSEDED, ref + " is gone");
    }
    KubeObject live = read.get();
    if (live.carries(id)) {
      return new Inspection(Finding.EFFECTIVE, "action " + id + " stands on " + ref);
    }
    return live.uid().equals(uid)
        ? values.apply(live)
        : new Inspection(Finding.SUPERSEDED, ref + " was deleted and made again");
  }

  /** A ConfigMap is as it is once it is written; there is nothing to wait for. */
  Settlement settle(Plan.SetFlags plan) {
    return settle(
        plan.configMap(), live -> isSet(plan, live), "was changed by somebody else since");
  }

  Settlement settle(Plan.RestoreFlags plan) {
    return settle(
        plan.configMap(),
        live -> restorable(plan, live).isEmpty(),
        "was given Belay's values again");
  }

  private Settlement settle(ConfigMapRef ref, Predicate<KubeObject> wanted, String otherwise) {
    Optional<KubeObject> live = read(ref);
    if (live.isEmpty()) {
      return new Settlement.Failed(Reason.TARGET_MISSING, ref + " is gone");
    }
    return wanted.test(live.get())
        ? new Settlement.Settled(ref + " has the wanted values")
        : new Settlement.Failed(Reason.CHANGED_BY_PERSON, ref + " " + otherwise);
  }

  private Preflight preflight(
      Plan plan,
      ConfigMapRef ref,
      Function<KubeObject, Optional<Preflight>> obstacle,
      Function<KubeObject, JsonPatch> patch) {
    Optional<KubeObject> read = read(ref);
    if (read.isEmpty()) {
      return new Preflight.Refused(Reason.TARGET_MISSING, ref + " is gone");
    }
    KubeObject live = read.get();
    Optional<Preflight> found = obstacle.apply(live);
    if (found.isPresent()) {
      return found.get();
    }
    Answer answer = api.patch(path(ref), patch.apply(live), true);
    return Write.dryRun(answer, () -> changed(ref, live)).orElse(new Preflight.Ready(plan));
  }

  private boolean changed(ConfigMapRef ref, KubeObject before) {
    return read(ref)
        .filter(now -> now.resourceVersion().equals(before.resourceVersion()))
        .isEmpty();
  }

  private Outcome apply(
      ActionId id,
      ConfigMapRef ref,
      Function<KubeObject, Optional<Preflight>> obstacle,
      Function<KubeObject, JsonPatch> patch,
      Function<KubeObject, String> done) {
    Optional<KubeObject> read = read(ref);
    if (read.isEmpty()) {
      return new Outcome.Refused(Reason.TARGET_MISSING, ref + " is gone");
    }
    KubeObject live = read.get();
    Optional<Outcome> found = obstacle.apply(live).flatMap(ConfigMapFlags::outcome);
    if (found.isPresent()) {
      return found.get();
    }
    return Write.judge(
        api.patch(path(ref), patch.apply(live), false),
        id,
        done.apply(live),
        refusal -> explain(ref, live, obstacle, refusal),
        () -> read(ref).filter(now -> now.carries(id)).isPresent());
  }

  private Outcome explain(
      ConfigMapRef ref,
      KubeObject before,
      Function<KubeObject, Optional<Preflight>> obstacle,
      Answer.Of refusal) {
    Optional<KubeObject> now = read(ref);
    if (now.isEmpty()) {
      return new Outcome.Refused(Reason.TARGET_MISSING, ref + " is gone");
    }
    Optional<Outcome> found = obstacle.apply(now.get()).flatMap(ConfigMapFlags::outcome);
    if (found.isPresent()) {
      return found.get();
    }
    return now.get().resourceVersion().equals(before.resourceVersion())
        ? new Outcome.Refused(Reason.CLUSTER_REFUSED, refusal.message())
        : new Outcome.Refused(
            Reason.SUPERSEDED, "something else in it changed; its flags are as they were");
  }

  private static Optional<Outcome> outcome(Preflight obstacle) {
    return switch (obstacle) {
      case Preflight.AlreadyDone(String detail) -> Optional.of(new Outcome.AlreadyDone(detail));
      case Preflight.Refused(Reason reason, String detail) ->
          Optional.of(new Outcome.Refused(reason, detail));
      case Preflight.Ready _ -> Optional.empty();
    };
  }

  private static Optional<Preflight> obstacle(ActionId id, Plan.SetFlags plan, KubeObject live) {
    Optional<Preflight> common = common(id, plan.configMap(), plan.uid(), live);
    if (common.isPresent()) {
      return common;
    }
    if (isSet(plan, live)) {
      return Optional.of(new Preflight.AlreadyDone(plan.configMap() + " already has these values"));
    }
    List<String> changed = changed(plan, live);
    return changed.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Preflight.Refused(
                Reason.SUPERSEDED,
                plan.configMap() + " was changed since it was read: " + changed));
  }

  private static Optional<Preflight> obstacle(
      ActionId id, Plan.RestoreFlags plan, KubeObject live) {
    Optional<Preflight> common = common(id, plan.configMap(), plan.uid(), live);
    if (common.isPresent()) {
      return common;
    }
    if (!restorable(plan, live).isEmpty()) {
      return Optional.empty();
    }
    List<String> changed = changedByPerson(plan, live);
    return Optional.of(
        changed.isEmpty()
            ? new Preflight.AlreadyDone(plan.configMap() + " already is as it was before")
            : new Preflight.Refused(
                Reason.CHANGED_BY_PERSON, "changed since, and left as they are: " + changed));
  }

  private static Optional<Preflight> common(
      ActionId id, ConfigMapRef ref, String uid, KubeObject live) {
    if (live.carries(id)) {
      return Optional.of(new Preflight.AlreadyDone("action " + id + " stands on " + ref));
    }
    if (!live.uid().equals(uid)) {
      return Optional.of(
          new Preflight.Refused(Reason.SUPERSEDED, ref + " was deleted and made again"));
    }
    Optional<String> owner = Owners.undoing(live);
    if (owner.isPresent()) {
      return Optional.of(
          new Preflight.Refused(
              Reason.OWNED_BY_ANOTHER,
              owner.get() + " keeps " + ref + " and would undo it; set the flags there"));
    }
    return immutable(live)
        ? Optional.of(new Preflight.Refused(Reason.IMMUTABLE, ref + " is immutable"))
        : Optional.empty();
  }

  private static JsonPatch set(ActionId id, Plan.SetFlags plan, KubeObject live) {
    JsonPatch patch = new JsonPatch().test("/metadata/uid", plan.uid());
    plan.prior().forEach((key, prior) -> prior.ifPresent(value -> patch.test(pointer(key), value)));
    patch.unchangedSince(live);
    if (!live.json().path("data").isObject()) {
      patch.add("/data", JsonNodeFactory.instance.objectNode());
    }
    plan.set().forEach((key, value) -> patch.add(pointer(key), value));
    return patch.annotate(live, Marks.ACTION, live.marked(id));
  }

  private static JsonPatch restore(ActionId id, Plan.RestoreFlags plan, KubeObject live) {
    JsonPatch patch = new JsonPatch().test("/metadata/uid", plan.uid()).unchangedSince(live);
    for (String key : restorable(plan, live)) {
      patch.test(pointer(key), plan.set().getOrDefault(key, ""));
      prior(plan, key)
          .ifPresentOrElse(
              value -> patch.add(pointer(key), value), () -> patch.remove(pointer(key)));
    }
    return patch.annotate(live, Marks.ACTION, live.marked(id));
  }

  private static boolean isSet(Plan.SetFlags plan, KubeObject live) {
    return plan.set().entrySet().stream()
        .allMatch(flag -> value(live, flag.getKey()).equals(Optional.of(flag.getValue())));
  }

  /** The flags that no longer have the value that was read. */
  private static List<String> changed(Plan.SetFlags plan, KubeObject live) {
    return plan.prior().entrySet().stream()
        .filter(flag -> !value(live, flag.getKey()).equals(flag.getValue()))
        .map(Map.Entry::getKey)
        .toList();
  }

  /** The flags that have the value that Belay set and that was another before. */
  private static List<String> restorable(Plan.RestoreFlags plan, KubeObject live) {
    return plan.set().keySet().stream()
        .filter(key -> value(live, key).equals(Optional.ofNullable(plan.set().get(key))))
        .filter(key -> !value(live, key).equals(prior(plan, key)))
        .toList();
  }

  /** The flags that have neither the value that Belay set nor the one before. */
  private static List<String> changedByPerson(Plan.RestoreFlags plan, KubeObject live) {
    return plan.set().keySet().stream()
        .filter(key -> !value(live, key).equals(Optional.ofNullable(plan.set().get(key))))
        .filter(key -> !value(live, key).equals(prior(plan, key)))
        .toList();
  }

  private static Optional<String> prior(Plan.RestoreFlags plan, String key) {
    return plan.prior().getOrDefault(key, Optional.empty());
  }

  private static String left(List<String> changed) {
    return changed.isEmpty() ? "" : "; changed by a person and left as they are: " + changed;
  }

  private static Optional<String> value(KubeObject live, String key) {
    JsonNode value = live.json().path("data").path(key);
    return value.isString() ? Optional.of(value.stringValue()) : Optional.empty();
  }

  private static boolean immutable(KubeObject live) {
    return live.json().path("immutable").asBoolean(false);
  }

  private Optional<KubeObject> read(ConfigMapRef ref) {
    return api.read(path(ref));
  }

  private static String path(ConfigMapRef ref) {
    return "/api/v1/namespaces/"
        + Api.segment(ref.namespace())
        + "/configmaps/"
        + Api.segment(ref.name());
  }

  private static String pointer(String key) {
    return "/data/" + JsonPatch.escape(key);
  }
}
