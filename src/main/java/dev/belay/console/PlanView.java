package dev.belay.console;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.belay.core.engine.Sentences;
import dev.belay.core.release.TemplateChange;
import dev.belay.core.remediation.Manifest;
import dev.belay.core.remediation.Plan;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What exactly is, or will be, changed. Empty members do not apply to its kind.
 *
 * @param kind as in metrics and logs
 * @param digest what tells it from every plan that does something else
 * @param words for people
 * @param target the workload or ConfigMap
 * @param fromImages what runs
 * @param toImages what will run
 * @param toRevision its revision number, or empty
 * @param changes what else is different in the template that will run
 * @param flags each flag's value before and after
 * @param objects what is applied or deleted
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
record PlanView(
    String kind,
    String digest,
    String words,
    String target,
    List<String> fromImages,
    List<String> toImages,
    String toRevision,
    List<TemplateChange> changes,
    SortedMap<String, Change> flags,
    List<Thing> objects) {
  /** A flag's values; empty where it is absent. */
  record Change(String from, String to) {}

  /**
   * An object of the cluster.
   *
   * @param contents the whole of it as JSON, as Belay applies it
   */
  record Thing(String name, String contents) {}

  static PlanView of(Plan plan) {
    return switch (plan) {
      case Plan.RollBack roll ->
          new PlanView(
              roll.kind(),
              roll.digest(),
              Sentences.plan(roll),
              roll.workload().toString(),
              roll.fromImages(),
              roll.toImages(),
              Long.toString(roll.toNumber()),
              roll.changes().orElse(List.of()),
              new TreeMap<>(),
              List.of());
      case Plan.SetFlags flags -> {
        SortedMap<String, Change> changes = new TreeMap<>();
        flags
            .prior()
            .forEach(
                (flag, was) ->
                    changes.put(
                        flag, new Change(was.orElse(""), flags.set().getOrDefault(flag, ""))));
        yield ofFlags(plan, flags.configMap().toString(), changes);
      }
      case Plan.RestoreFlags flags -> {
        SortedMap<String, Change> changes = new TreeMap<>();
        flags
            .prior()
            .forEach(
                (flag, was) ->
                    changes.put(
                        flag, new Change(flags.set().getOrDefault(flag, ""), was.orElse(""))));
        yield ofFlags(plan, flags.configMap().toString(), changes);
      }
      case Plan.ApplyManifests(var manifests) -> ofObjects(plan, manifests);
      case Plan.DeleteManifests(var manifests, _) -> ofObjects(plan, manifests);
    };
  }

  private static PlanView ofFlags(Plan plan, String target, SortedMap<String, Change> changes) {
    return new PlanView(
        plan.kind(),
        plan.digest(),
        Sentences.plan(plan),
        target,
        List.of(),
        List.of(),
        "",
        List.of(),
        changes,
        List.of());
  }

  private static PlanView ofObjects(Plan plan, List<Manifest> manifests) {
    return new PlanView(
        plan.kind(),
        plan.digest(),
        Sentences.plan(plan),
        "",
        List.of(),
        List.of(),
        "",
        List.of(),
        new TreeMap<>(),
        manifests.stream()
            .map(manifest -> new Thing(manifest.toString(), manifest.json()))
            .toList());
  }
}
