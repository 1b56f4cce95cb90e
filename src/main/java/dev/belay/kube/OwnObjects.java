package dev.belay.kube;

import dev.belay.core.incident.Reason;
import dev.belay.core.remediation.ActionId;
import dev.belay.core.remediation.Inspection;
import dev.belay.core.remediation.Inspection.Finding;
import dev.belay.core.remediation.Manifest;
import dev.belay.core.remediation.Observation;
import dev.belay.core.remediation.Outcome;
import dev.belay.core.remediation.Plan;
import dev.belay.core.remediation.Preflight;
import dev.belay.core.remediation.Settlement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * Objects that Belay makes and takes away again: server-side apply under its own name, without
 * force. A label says that they are Belay's; what lacks it is never touched.
 */
final class OwnObjects {
  /**
   * A manifest and where it goes.
   *
   * @param live what is there now
   */
  private record Placed(Manifest manifest, String path, Optional<KubeObject> live) {
    boolean foreign() {
      return live.filter(object -> !object.ours()).isPresent();
    }

    boolean carries(ActionId id) {
      return live.filter(object -> object.ours() && object.carries(id)).isPresent();
    }

    /** What the plan wants gone and is not on its way: ours, and not another action's by now. */
    Optional<KubeObject> standing(Plan.DeleteManifests plan) {
      return live.filter(object -> wanted(plan, object) && !object.deleting());
    }

    static boolean wanted(Plan.DeleteManifests plan, KubeObject object) {
      return object.ours() && plan.madeBy().filter(id -> !object.carries(id)).isEmpty();
    }
  }

  /** What an attempt on all of the manifests found before it did anything. */
  private sealed interface Lookup {
    record Found(List<Placed> objects) implements Lookup {}

    record Unknown(Manifest manifest) implements Lookup {}
  }

  private final Api api;
  private final Kinds kinds;

  OwnObjects(Api api) {
    this.api = api;
    this.kinds = new Kinds(api);
  }

  Observation observe(List<Manifest> manifests) {
    return switch (lookup(manifests)) {
      case Lookup.Unknown(Manifest manifest) -> new Observation.Missing(Kinds.unknown(manifest));
      case Lookup.Found(var objects) ->
          new Observation.OfManifests(
              manifests, objects.stream().filter(Placed::foreign).map(Placed::manifest).toList());
    };
  }

  private Lookup lookup(List<Manifest> manifests) {
    List<Placed> found = new ArrayList<>();
    for (Manifest manifest : manifests) {
      Optional<String> path = possible(manifest) ? kinds.path(manifest) : Optional.empty();
      if (path.isEmpty()) {
        return new Lookup.Unknown(manifest);
      }
      found.add(new Placed(manifest, path.get(), api.read(path.get())));
    }
    return new Lookup.Found(found);
  }

  private static boolean possible(Manifest manifest) {
    return Api.possible(manifest.namespace()) && Api.possible(manifest.name());
  }

  Preflight preflight(ActionId id, Plan.ApplyManifests plan) {
    return switch (lookup(plan.manifests())) {
      case Lookup.Unknown(Manifest manifest) ->
          new Preflight.Refused(Reason.TARGET_MISSING, Kinds.unknown(manifest));
      case Lookup.Found(var objects) -> preflight(id, plan, objects);
    };
  }

  private Preflight preflight(ActionId id, Plan.ApplyManifests plan, List<Placed> objects) {
    if (objects.stream().allMatch(object -> object.carries(id))) {
      return new Preflight.AlreadyDone("action " + id + " stands on all of them");
    }
    if (objects.stream().anyMatch(Placed::foreign)) {
      return new Preflight.Refused(Reason.NOT_OURS, notOurs(objects));
    }
    for (Placed object : objects) {
      Answer answer = api.apply(object.path(), body(id, object), true);
      Optional<Preflight> refused = Write.dryRun(answer, () -> changed(object));
      if (refused.isPresent()) {
        return refused.get();
      }
    }
    return new Preflight.Ready(plan);
  }

  private boolean changed(Placed before) {
    return !api.read(before.path())
        .map(KubeObject::resourceVersion)
        .equals(before.live().map(KubeObject::resourceVersion));
  }

  Preflight preflight(Plan.DeleteManifests plan) {
    return switch (lookup(plan.manifests())) {
      // Without the kind there are no objects of it.
      case Lookup.Unknown _ -> new Preflight.AlreadyDone("they are gone, and their kind with them");
      case Lookup.Found(var objects) -> preflight(plan, objects);
    };
  }

  private Preflight preflight(Plan.DeleteManifests plan, List<Placed> objects) {
    if (objects.stream().allMatch(object -> object.standing(plan).isEmpty())) {
      return objects.stream().anyMatch(Placed::foreign)
          ? new Preflight.Refused(Reason.NOT_OURS, notOurs(objects))
          : new Preflight.AlreadyDone(names(objects) + " is gone, or another action's by now");
    }
    for (Placed object : objects) {
      if (object.standing(plan).isPresent()) {
        Answer answer = api.delete(object.path(), object.standing(plan).get(), true);
        Optional<Preflight> refused = Write.dryRun(answer, () -> changed(object));
        if (refused.isPresent()) {
          return refused.get();
        }
      }
    }
    return new Preflight.Ready(plan);
  }

  Outcome apply(ActionId id, Plan.ApplyManifests plan) {
    return switch (lookup(plan.manifests())) {
      case Lookup.Unknown(Manifest manifest) ->
          new Outcome.Refused(Reason.TARGET_MISSING, Kinds.unknown(manifest));
      case Lookup.Found(var objects) -> apply(id, objects);
    };
  }

  private Outcome apply(ActionId id, List<Placed> objects) {
    if (objects.stream().allMatch(object -> object.carries(id))) {
      return new Outcome.AlreadyDone("action " + id + " stands on all of them");
    }
    if (objects.stream().anyMatch(Placed::foreign)) {
      return new Outcome.Refused(Reason.NOT_OURS, notOurs(objects));
    }
    List<Placed> made = new ArrayList<>();
    for (Placed object : objects) {
      if (!object.carries(id)) {
        Outcome outcome = applyOne(id, object);
        if (!(outcome instanceof Outcome.Applied)) {
          return made.isEmpty() ? outcome : takeBack(id, made, outcome);
        }
        made.add(object);
      }
    }
    return new Outcome.Applied("applied " + names(objects));
  }

  private Outcome applyOne(ActionId id, Placed object) {
    Answer answer = api.apply(object.path(), body(id, object), false);
    if (object.live().isEmpty() && answer instanceof Answer.Of of && of.code() == 200) {
      return letGo(object, new KubeObject(of.body()));
    }
    return Write.judge(
        answer,
        id,
        "applied " + object.manifest(),
        refusal -> new Outcome.Refused(Reason.CLUSTER_REFUSED, refusal.message()),
        () -> api.read(object.path()).filter(live -> live.carries(id)).isPresent());
  }

  /**
   * Nothing was there when we looked, and yet the server merged with something: somebody made an
   * object of that name in between. Applying nothing gives back every field that we took.
   */
  private Outcome letGo(Placed object, KubeObject merged) {
    ObjectNode nothing = identity(object.manifest());
    nothing.withObject("metadata").put("uid", merged.uid());
    return api.apply(object.path(), nothing, false) instanceof Answer.Of of && of.successful()
        ? new Outcome.Refused(Reason.NOT_OURS, object.manifest() + " was made by somebody just now")
        : new Outcome.Doubtful(
            object.manifest()
                + " was made by somebody just now; what Belay added may be left in it");
  }

  /** A plan is carried out whole or not at all: what was made before the refusal goes again. */
  private Outcome takeBack(ActionId id, List<Placed> made, Outcome outcome) {
    if (!(outcome instanceof Outcome.Refused(Reason reason, String detail))) {
      return outcome;
    }
    if (made.stream().anyMatch(object -> object.live().isPresent())) {
      return new Outcome.Doubtful(
          "only a part was done: " + names(made) + " changed, then: " + detail);
    }
    for (Placed object : made.reversed()) {
      Optional<KubeObject> live = api.read(object.path()).filter(now -> now.carries(id));
      if (live.isPresent()
          && !(api.delete(object.path(), live.get(), false) instanceof Answer.Of of
              && of.successful())) {
        return new Outcome.Doubtful(
            object.manifest() + " could not be taken back after: " + detail);
      }
    }
    return new Outcome.Refused(reason, detail + "; taken back: " + names(made));
  }

  Outcome apply(Plan.DeleteManifests plan) {
    return switch (lookup(plan.manifests())) {
      case Lookup.Unknown _ -> new Outcome.AlreadyDone("they are gone, and their kind with them");
      case Lookup.Found(var objects) -> delete(plan, objects);
    };
  }

  private Outcome delete(Plan.DeleteManifests plan, List<Placed> objects) {
    List<Placed> standing =
        objects.reversed().stream().filter(object -> object.standing(plan).isPresent()).toList();
    if (standing.isEmpty()) {
      return objects.stream().anyMatch(Placed::foreign)
          ? new Outcome.Refused(Reason.NOT_OURS, notOurs(objects))
          : new Outcome.AlreadyDone(names(objects) + " is gone, or another action's by now");
    }
    boolean some = false;
    for (Placed object : standing) {
      Outcome outcome = deleteOne(plan, object, object.standing(plan).orElseThrow());
      if (!(outcome instanceof Outcome.Applied)) {
        return some && outcome instanceof Outcome.Refused refused
            ? new Outcome.Doubtful("only a part was deleted: " + refused.detail())
            : outcome;
      }
      some = true;
    }
    return new Outcome.Applied("deleted " + names(standing) + leftAlone(objects));
  }

  private Outcome deleteOne(Plan.DeleteManifests plan, Placed object, KubeObject live) {
    String done = "deleted " + object.manifest();
    return switch (api.delete(object.path(), live, false)) {
      case Answer.Of of when of.successful() -> new Outcome.Applied(done);
      case Answer.Of of when of.undecided() ->
          Write.look(of.message(), done, () -> gone(plan, object));
      case Answer.Of of when of.code() == 404 -> new Outcome.Applied(done);
      case Answer.Of of when of.code() == 409 ->
          new Outcome.Refused(Reason.SUPERSEDED, object.manifest() + " changed just now");
      case Answer.Of of -> new Outcome.Refused(Write.reason(of), of.message());
      case Answer.Unsent(String why) -> new Outcome.Refused(Reason.CLUSTER_UNAVAILABLE, why);
      case Answer.Lost(String why) -> Write.look(why, done, () -> gone(plan, object));
    };
  }

  private boolean gone(Plan.DeleteManifests plan, Placed object) {
    return api.read(object.path())
        .filter(live -> Placed.wanted(plan, live) && !live.deleting())
        .isEmpty();
  }

  Inspection inspect(ActionId id, Plan.ApplyManifests plan) {
    if (!(lookup(plan.manifests()) instanceof Lookup.Found(var objects))) {
      return new Inspection(Finding.SUPERSEDED, "the cluster no longer knows the kind");
    }
    if (objects.stream().allMatch(object -> object.carries(id))) {
      return new Inspection(Finding.EFFECTIVE, "all carry the action's id");
    }
    if (objects.stream().anyMatch(Placed::foreign)) {
      return new Inspection(Finding.SUPERSEDED, "a name is taken by somebody else's object");
    }
    long done = objects.stream().filter(object -> object.carries(id)).count();
    return new Inspection(
        Finding.UNTOUCHED, done + " of " + objects.size() + " carry the action's id");
  }

  /** What is gone carries no id; so it cannot be told whose hand it was. */
  Inspection inspect(Plan.DeleteManifests plan) {
    if (!(lookup(plan.manifests()) instanceof Lookup.Found(var objects))) {
      return new Inspection(Finding.ALREADY_DONE, "they are gone, and their kind with them");
    }
    List<Placed> standing =
        objects.stream().filter(object -> object.standing(plan).isPresent()).toList();
    if (!standing.isEmpty()) {
      return new Inspection(Finding.UNTOUCHED, "still there: " + names(standing));
    }
    return objects.stream().anyMatch(Placed::foreign)
        ? new Inspection(Finding.SUPERSEDED, notOurs(objects))
        : new Inspection(
            Finding.ALREADY_DONE, names(objects) + " is gone, or another action's by now");
  }

  /** What the object's own controller makes of it is not known here. */
  Settlement settle(ActionId id, Plan.ApplyManifests plan) {
    if (!(lookup(plan.manifests()) instanceof Lookup.Found(var objects))) {
      return new Settlement.Failed(Reason.TARGET_MISSING, "the cluster no longer knows the kind");
    }
    if (objects.stream().anyMatch(Placed::foreign)) {
      return new Settlement.Failed(Reason.NOT_OURS, notOurs(objects));
    }
    List<Placed> missing = objects.stream().filter(object -> !object.carries(id)).toList();
    return missing.isEmpty()
        ? new Settlement.Settled("applied " + names(objects))
        : new Settlement.Failed(
            Reason.TARGET_MISSING, names(missing) + " does not stand as action " + id + " left it");
  }

  Settlement settle(Plan.DeleteManifests plan) {
    if (!(lookup(plan.manifests()) instanceof Lookup.Found(var objects))) {
      return new Settlement.Settled("they are gone, and their kind with them");
    }
    List<Placed> left =
        objects.stream()
            .filter(object -> object.live().filter(live -> Placed.wanted(plan, live)).isPresent())
            .toList();
    return left.isEmpty()
        ? new Settlement.Settled("deleted")
        : new Settlement.Progressing(names(left) + " is being deleted");
  }

  /** The manifest, marked as ours, and with guards where an object of ours is there already. */
  private static ObjectNode body(ActionId id, Placed object) {
    Manifest manifest = object.manifest();
    ObjectNode body = identity(manifest);
    if (Api.JSON.readTree(manifest.json()) instanceof ObjectNode written) {
      written.properties().stream()
          .filter(member -> !body.has(member.getKey()) && !member.getKey().equals("status"))
          .forEach(member -> body.set(member.getKey(), member.getValue()));
      if (written.path("metadata").path("labels") instanceof ObjectNode labels) {
        body.withObject("metadata").set("labels", labels);
      }
      if (written.path("metadata").path("annotations") instanceof ObjectNode annotations) {
        body.withObject("metadata").set("annotations", annotations);
      }
    }
    ObjectNode metadata = body.withObject("metadata");
    metadata.withObject("labels").put(Marks.MANAGED, "true");
    metadata.withObject("annotations").put(Marks.ACTION, id.value());
    object
        .live()
        .ifPresent(
            live -> metadata.put("uid", live.uid()).put("resourceVersion", live.resourceVersion()));
    return body;
  }

  private static ObjectNode identity(Manifest manifest) {
    ObjectNode body = Api.JSON.createObjectNode();
    body.put("apiVersion", manifest.apiVersion()).put("kind", manifest.kind());
    body.putObject("metadata").put("name", manifest.name()).put("namespace", manifest.namespace());
    return body;
  }

  private static String notOurs(List<Placed> objects) {
    return names(objects.stream().filter(Placed::foreign).toList())
        + " lacks the label "
        + Marks.MANAGED
        + "=true: Belay did not make it; give the manifest another name";
  }

  private static String leftAlone(List<Placed> objects) {
    List<Placed> foreign = objects.stream().filter(Placed::foreign).toList();
    return foreign.isEmpty() ? "" : "; somebody else's are left alone: " + names(foreign);
  }

  private static String names(List<Placed> objects) {
    return String.join(", ", objects.stream().map(object -> object.manifest().toString()).toList());
  }
}
