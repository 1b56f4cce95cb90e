package dev.belay.rules;

import dev.belay.core.alert.Labels;
import dev.belay.core.alert.Matcher;
import dev.belay.core.alert.Matcher.Operator;
import dev.belay.core.release.Workload;
import dev.belay.core.rule.AlertRule;
import dev.belay.core.rule.Environment;
import dev.belay.core.rule.Fleet;
import dev.belay.core.rule.RuleSet;
import dev.belay.core.rule.Service;
import dev.belay.core.rule.Trigger;
import dev.belay.core.rule.WorkloadSelector;
import dev.belay.rules.yaml.Fields;
import dev.belay.rules.yaml.Nearest;
import dev.belay.rules.yaml.Problems;
import dev.belay.rules.yaml.Quoted;
import dev.belay.rules.yaml.Spot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** All that was read from all files; checks what only shows when they are seen together. */
final class Catalog {
  /**
   * A service whose triggers may yet come from another file.
   *
   * @param selector which workloads are such a service, where there are many
   * @param at where its name stands
   * @param asksForTriggers where a {@code when} names the rollback triggers
   * @param ownTriggers where it brings triggers, good ones or bad ones
   * @param alertNames alerts that a {@code when} waits for by name, and where
   */
  record Draft(
      Optional<WorkloadSelector> selector,
      Service service,
      Spot at,
      Optional<Spot> asksForTriggers,
      Optional<Spot> ownTriggers,
      Map<String, Spot> alertNames) {}

  private record Written<T>(Spot at, T value) {}

  private final Problems problems;
  private final Problems evaluation = new Problems();
  private final Map<String, Written<Environment>> environments = new LinkedHashMap<>();
  private final List<AlertRule> alertRules = new ArrayList<>();
  private final SortedMap<String, Draft> services = new TreeMap<>();
  private final SortedMap<String, Draft> fleets = new TreeMap<>();
  private final Map<Workload, Draft> workloads = new HashMap<>();
  private Optional<Written<List<Trigger>>> shorthand = Optional.empty();
  private boolean nameless;

  Catalog(Problems problems) {
    this.problems = problems;
  }

  /** What keeps Belay from evaluating alerts, which is no problem where Prometheus does. */
  Problems evaluation() {
    return evaluation;
  }

  void environment(Spot at, Environment environment) {
    Written<Environment> written = new Written<>(at, environment);
    Written<Environment> earlier = environments.putIfAbsent(environment.name(), written);
    if (earlier != null) {
      twice(at, "the environment " + Quoted.of(environment.name()), earlier.at());
      return;
    }
    for (Written<Environment> other : environments.values()) {
      boolean same = other.value().name().equals(environment.name());
      if (!same && other.value().namespace().equals(environment.namespace())) {
        problems.error(
            at,
            "the namespace "
                + Quoted.of(environment.namespace())
                + " already belongs to the environment "
                + Quoted.of(other.value().name())
                + " ("
                + other.at()
                + "), and Belay tells environments apart by it; drop one");
      }
    }
  }

  void alertRule(AlertRule rule) {
    alertRules.add(rule);
  }

  /** Triggers that stand alone in a file: for every service that asks and has none of its own. */
  void shorthand(Fields top, List<Trigger> triggers) {
    if (!top.has("rollback_triggers")) {
      return;
    }
    Spot at = top.at("rollback_triggers");
    if (shorthand.isPresent()) {
      twice(at, "\"rollback_triggers\" for all services", shorthand.get().at());
      return;
    }
    shorthand = Optional.of(new Written<>(at, triggers));
  }

  void service(Draft draft) {
    Service service = draft.service();
    if (draft.selector().isPresent()) {
      Draft namesake = fleets.putIfAbsent(service.name(), draft);
      if (namesake != null) {
        twice(draft.at(), "the fleet " + Quoted.of(service.name()), namesake.at());
      }
      return;
    }
    Draft earlier = services.putIfAbsent(service.name(), draft);
    if (earlier != null) {
      twice(draft.at(), "the service " + Quoted.of(service.name()), earlier.at());
      return;
    }
    service
        .workload()
        .map(workload -> workloads.putIfAbsent(workload, draft))
        .ifPresent(other -> twice(draft.at(), "the workload of this service", other.at()));
  }

  private Stream<Draft> drafts() {
    return Stream.concat(services.values().stream(), fleets.values().stream());
  }

  /** A service whose name could not be read, and of which nothing is known therefore. */
  void nameless() {
    nameless = true;
  }

  private void twice(Spot at, String what, Spot earlier) {
    problems.error(at, what + " is already written in " + earlier + "; keep one of them");
  }

  /** The rules; what is wrong with all of them together joins the problems. */
  RuleSet rules() {
    checkAlertNames();
    checkShorthand();
    List<Service> whole = services.values().stream().map(this::whole).toList();
    return new RuleSet(
        environments.values().stream().map(Written::value).toList(),
        List.copyOf(alertRules),
        whole,
        fleets.values().stream()
            .map(
                draft ->
                    new Fleet(draft.service().name(), draft.selector().orElseThrow(), whole(draft)))
            .toList());
  }

  private Service whole(Draft draft) {
    Service service = draft.service();
    if (draft.ownTriggers().isPresent() || draft.asksForTriggers().isEmpty()) {
      return service;
    }
    if (shorthand.isEmpty()) {
      problems.error(
          draft.asksForTriggers().get(),
          "no rollback_triggers are written for this service; add \"rollback_triggers\" to it, or"
              + " a file that has only that key, for all services");
      return service;
    }
    return new Service(
        service.name(),
        service.workload(),
        service.match(),
        shorthand.get().value(),
        service.remediations(),
        service.limits(),
        service.soak(),
        service.measuring(),
        service.announcedAs());
  }

  private static boolean takesUpShorthand(Draft draft) {
    return draft.ownTriggers().isEmpty() && draft.asksForTriggers().isPresent();
  }

  /** Where triggers are written that no probe measures, each place once. */
  List<Spot> triggers() {
    Stream<Spot> shared =
        shorthand.stream()
            .filter(
                written ->
                    drafts()
                        .filter(Catalog::takesUpShorthand)
                        .anyMatch(draft -> unprobed(draft.service(), written.value())))
            .map(Written::at);
    return Stream.concat(
            drafts()
                .filter(draft -> unprobed(draft.service(), draft.service().triggers()))
                .flatMap(draft -> draft.ownTriggers().stream()),
            shared)
        .toList();
  }

  private static boolean unprobed(Service service, List<Trigger> triggers) {
    return triggers.stream()
        .anyMatch(trigger -> !service.measuring().probes(trigger.signal(), false));
  }

  private void checkShorthand() {
    boolean used = drafts().anyMatch(Catalog::takesUpShorthand);
    // A service without a name may well be the one that takes them up.
    if (shorthand.isPresent() && !used && !nameless) {
      problems.warning(
          shorthand.get().at(),
          "no service takes up these rollback_triggers, so nothing is rolled back by them; name"
              + " rollback_triggers in the \"when\" of a service without its own");
    }
  }

  private void checkAlertNames() {
    TreeSet<String> known = new TreeSet<>();
    alertRules.forEach(rule -> known.add(rule.alert()));
    if (known.isEmpty()) {
      return;
    }
    for (Draft draft : drafts().toList()) {
      draft
          .alertNames()
          .forEach(
              (name, at) -> {
                if (!known.contains(name)) {
                  String guess =
                      Nearest.to(name, known)
                          .map(word -> "; did you mean " + word + "?")
                          .orElse("");
                  problems.warning(
                      at, "no loaded group has an alert named " + Quoted.of(name) + guess);
                }
              });
    }
  }

  /** The alert that a matcher waits for by name. */
  static Optional<String> alertName(List<Matcher> matchers) {
    return matchers.stream()
        .filter(it -> it.name().equals("alertname") && it.operator() == Operator.EQUAL)
        .map(Matcher::value)
        .findFirst();
  }

  /** Whether all of the matchers match an alert without any labels, and so hardly select. */
  static boolean matchAnything(List<Matcher> matchers) {
    return matchers.stream().allMatch(matcher -> matcher.matches(Labels.NONE));
  }
}
