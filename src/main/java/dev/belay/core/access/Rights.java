package dev.belay.core.access;

import dev.belay.core.release.Workload;
import dev.belay.core.remediation.Action;
import dev.belay.core.remediation.ConfigMapRef;
import dev.belay.core.remediation.Manifest;
import dev.belay.core.remediation.Remediation;
import dev.belay.core.remediation.Step;
import dev.belay.core.rule.Environment;
import dev.belay.core.rule.Fleet;
import dev.belay.core.rule.Mode;
import dev.belay.core.rule.Place;
import dev.belay.core.rule.RuleSet;
import dev.belay.core.rule.Service;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Exactly the rights that rules need. Workloads are looked at; they are changed only where a rule
 * may go further than to observe. Secrets are never asked for.
 */
public final class Rights {
  /** Above so many namespaces, one watch of all of them is cheaper for the server. */
  public static final int MOST_NAMESPACES = 10;

  private static final String APPS = "apps";
  private static final String CORE = "";
  private static final Set<Verb> LOOK = Set.of(Verb.GET, Verb.LIST, Verb.WATCH);

  private final List<Environment> environments;
  private final Mode most;
  private final List<Right> asked = new ArrayList<>();
  private final Map<String, SortedSet<String>> namespaces = new TreeMap<>();

  private Rights(List<Environment> environments, Mode most) {
    this.environments = environments;
    this.most = most;
  }

  /**
   * The rights that these rules need, with as few roles as will do; the same rules always in the
   * same order.
   *
   * @param most the furthest that the daemon lets them go
   */
  public static List<Right> of(RuleSet rules, Mode most) {
    return merged(asked(rules, most));
  }

  /** The same, each by itself: what one right is needed for, and not also its neighbours. */
  public static List<Right> asked(RuleSet rules, Mode most) {
    RuleSet all = rules.orObserving();
    Rights rights = new Rights(all.environments(), most);
    all.services().forEach(rights::add);
    all.fleets().forEach(rights::add);
    rights.addWatches();
    return List.copyOf(rights.asked);
  }

  private void add(Service service) {
    String rule = service.name();
    service
        .workload()
        .ifPresent(
            workload ->
                look(
                    new Place(workload.kind(), Optional.of(workload.namespace())),
                    new Right.Why(rule, "look at " + workload)));
    for (Remediation remediation : service.remediations()) {
      if (mayAct(remediation, service.workload().map(Workload::namespace))) {
        for (Step step : remediation.ladder()) {
          switch (step.action()) {
            case Action.Rollback(var workload, _) ->
                ask(
                    APPS,
                    workload.kind() + "s",
                    Optional.of(workload.name()),
                    Optional.of(workload.namespace()),
                    Set.of(Verb.PATCH),
                    why(rule, remediation, "roll back " + workload));
            case Action.Flags(var configMap, _) ->
                flags(
                    Optional.of(configMap.name()),
                    Optional.of(configMap.namespace()),
                    why(rule, remediation, "set flags in " + configMap));
            case Action.RateLimit(_, var manifests) -> manifests(rule, remediation, manifests);
            case Action.Page _ -> {}
          }
        }
      }
    }
  }

  private void add(Fleet fleet) {
    String rule = "fleet " + fleet.name();
    for (Place place : fleet.selector().places()) {
      look(place, new Right.Why(rule, "look at the " + place));
      for (Remediation remediation : fleet.pattern().remediations()) {
        if (mayAct(remediation, place.namespace())) {
          for (Step step : remediation.ladder()) {
            switch (step.action()) {
              case Action.Rollback _ ->
                  ask(
                      APPS,
                      place.kind() + "s",
                      Optional.empty(),
                      place.namespace(),
                      Set.of(Verb.PATCH),
                      why(rule, remediation, "roll back the " + place));
              case Action.Flags(var configMap, _) -> flags(rule, remediation, place, configMap);
              case Action.RateLimit(_, var manifests) -> manifests(rule, remediation, manifests);
              case Action.Page _ -> {}
            }
          }
        }
      }
    }
  }

  /** Where the place of a fleet leaves open which ConfigMaps are meant, it is all of them. */
  private void flags(String rule, Remediation remediation, Place place, ConfigMapRef configMap) {
    String where =
        place
            .namespace()
            .map(name -> configMap.namespace().replace(Fleet.ANY.namespace(), name))
            .orElse(configMap.namespace());
    flags(
        known(configMap.name()),
        known(where),
        why(rule, remediation, "set flags for the " + place));
  }

  private static Optional<String> known(String name) {
    return name.indexOf('{') < 0 ? Optional.of(name) : Optional.empty();
  }

  private void flags(Optional<String> name, Optional<String> namespace, Right.Why why) {
    ask(CORE, "configmaps", name, namespace, Set.of(Verb.GET, Verb.PATCH), why);
  }

  private void manifests(String rule, Remediation remediation, List<Manifest> manifests) {
    for (Manifest manifest : manifests) {
      int slash = manifest.apiVersion().indexOf('/');
      ask(
          slash < 0 ? CORE : manifest.apiVersion().substring(0, slash),
          Plural.of(manifest.kind()),
          Optional.of(manifest.name()),
          Optional.of(manifest.namespace()),
          // Server-side apply of what is not there yet is a patch that the server also wants to be
          // allowed as a creation; it knows the name then, other than with a plain one.
          Set.of(Verb.GET, Verb.CREATE, Verb.PATCH, Verb.DELETE),
          why(rule, remediation, "apply and delete " + manifest));
    }
  }

  private void look(Place place, Right.Why why) {
    ask(group(place), place.kind() + "s", Optional.empty(), place.namespace(), LOOK, why);
    ask(APPS, keepers(place), Optional.empty(), place.namespace(), Set.of(Verb.LIST), why);
    ask(CORE, "pods", Optional.empty(), place.namespace(), Set.of(Verb.LIST), why);
    place
        .namespace()
        .ifPresent(
            name -> namespaces.computeIfAbsent(place.kind(), _ -> new TreeSet<>()).add(name));
  }

  /** A kind in many namespaces is watched in all of them at once. */
  private void addWatches() {
    namespaces.forEach(
        (kind, names) -> {
          if (names.size() > MOST_NAMESPACES) {
            ask(
                group(new Place(kind, Optional.empty())),
                kind + "s",
                Optional.empty(),
                Optional.empty(),
                LOOK,
                new Right.Why(
                    "all rules",
                    "watch %ss of %d namespaces, more than %d, by one request"
                        .formatted(kind, names.size(), MOST_NAMESPACES)));
          }
        });
  }

  private static String group(Place place) {
    return place.kind().equals("rollout") ? "argoproj.io" : APPS;
  }

  /** What keeps the earlier templates of such workloads. */
  private static String keepers(Place place) {
    return switch (place.kind()) {
      case "statefulset", "daemonset" -> "controllerrevisions";
      default -> "replicasets";
    };
  }

  /** By the environments of the workload and of all that any of its steps touches. */
  private boolean mayAct(Remediation remediation, Optional<String> namespace) {
    return Stream.concat(
                namespace.stream(),
                remediation
                    .namespaces()
                    .map(
                        name ->
                            namespace
                                .map(its -> name.replace(Fleet.ANY.namespace(), its))
                                .orElse(name)))
            .map(name -> Environment.capIn(environments, name))
            .reduce(remediation.mode().atMost(most), Mode::atMost)
            .kind()
        != Mode.Kind.OBSERVE;
  }

  private static Right.Why why(String rule, Remediation remediation, String purpose) {
    return new Right.Why(rule, purpose + " (" + remediation.name() + ")");
  }

  private void ask(
      String group,
      String resource,
      Optional<String> name,
      Optional<String> namespace,
      Set<Verb> verbs,
      Right.Why why) {
    SortedSet<String> names = new TreeSet<>();
    name.ifPresent(names::add);
    asked.add(
        new Right(
            group, resource, names, namespace, new TreeSet<>(verbs), new TreeSet<>(Set.of(why))));
  }

  /** Fewer rights that allow the same. */
  private static List<Right> merged(List<Right> asked) {
    // The widest first: what comes later is covered, adds its names, or is another right.
    List<Right> widest = new ArrayList<>(asked);
    widest.sort(
        Comparator.comparing((Right right) -> right.namespace().isPresent())
            .thenComparing(right -> !right.names().isEmpty())
            .thenComparingInt(right -> -right.verbs().size()));
    List<Right> merged = new ArrayList<>();
    for (Right right : widest) {
      if (!joined(merged, right)) {
        merged.add(right);
      }
    }
    merged.sort(
        Comparator.comparing((Right right) -> right.namespace().orElse(""))
            .thenComparing(Right::group, Comparator.reverseOrder())
            .thenComparing(Right::resource)
            .thenComparing(right -> right.verbs().toString()));
    return List.copyOf(merged);
  }

  private static boolean joined(List<Right> merged, Right right) {
    for (int i = 0; i < merged.size(); i++) {
      Right other = merged.get(i);
      if (other.covers(right)) {
        merged.set(i, other.alsoFor(right));
        return true;
      }
      if (other.differsInNamesOnly(right)) {
        merged.set(i, other.and(right));
        return true;
      }
    }
    return false;
  }
}
