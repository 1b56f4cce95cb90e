package dev.belay.console;

import dev.belay.core.engine.Sentences;
import dev.belay.core.remediation.Action;
import dev.belay.core.remediation.Manifest;
import dev.belay.core.remediation.Remediation;
import dev.belay.core.remediation.Step;
import dev.belay.core.rule.AlertRule;
import dev.belay.core.rule.Condition;
import dev.belay.core.rule.Environment;
import dev.belay.core.rule.Fleet;
import dev.belay.core.rule.RuleSet;
import dev.belay.core.rule.Service;
import dev.belay.core.rule.Trigger;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What people wrote, in the words in which they wrote it. */
record RulesView(
    List<EnvironmentView> environments,
    List<AlertRuleView> alertRules,
    List<RuleView> services,
    List<FleetView> fleets) {
  /**
   * A fleet's rule.
   *
   * @param pattern the rule of each of its services, with placeholders
   */
  record FleetView(String name, String workloads, RuleView pattern) {
    static FleetView of(Fleet fleet) {
      return new FleetView(fleet.name(), fleet.selector().toString(), RuleView.of(fleet.pattern()));
    }
  }

  /**
   * An environment.
   *
   * @param mode the furthest that rules may go there
   */
  record EnvironmentView(String name, String cluster, String namespace, String mode) {
    static EnvironmentView of(Environment environment) {
      return new EnvironmentView(
          environment.name(),
          environment.cluster(),
          environment.namespace(),
          RunView.mode(environment.cap()));
    }
  }

  /** An alerting rule of a Prometheus rule file. */
  record AlertRuleView(
      String group,
      String alert,
      String expr,
      String hold,
      String keepFiringFor,
      Map<String, String> labels,
      Map<String, String> annotations) {
    static AlertRuleView of(AlertRule rule) {
      return new AlertRuleView(
          rule.group().name(),
          rule.alert(),
          rule.expr(),
          Sentences.duration(rule.hold()),
          Sentences.duration(rule.keepFiringFor()),
          rule.labels(),
          rule.annotations());
    }
  }

  /** A service's rule. */
  record RuleView(
      String name,
      Optional<String> workload,
      List<String> match,
      List<String> triggers,
      List<RemediationView> remediations,
      String cooldown,
      int actionsPerHour,
      String soak) {
    static RuleView of(Service service) {
      return new RuleView(
          service.name(),
          service.workload().map(Object::toString),
          service.match().stream().map(Object::toString).toList(),
          service.triggers().stream().map(Trigger::name).toList(),
          service.remediations().stream().map(RemediationView::of).toList(),
          Sentences.duration(service.limits().cooldown()),
          service.limits().actionsPerHour(),
          Sentences.duration(service.soak()));
    }
  }

  /** What to do when. */
  record RemediationView(
      String name, List<String> when, Optional<String> blame, String mode, List<StepView> ladder) {
    static RemediationView of(Remediation remediation) {
      return new RemediationView(
          remediation.name(),
          remediation.when().stream().map(RulesView::words).toList(),
          remediation.blame().map(Sentences::duration),
          RunView.mode(remediation.mode()),
          remediation.ladder().stream().map(StepView::of).toList());
    }
  }

  /** One step of a ladder. */
  record StepView(String action, String words, Optional<String> lease, Optional<String> verify) {
    static StepView of(Step step) {
      return new StepView(
          step.action().kind(),
          RulesView.words(step.action()),
          step.lease().map(Sentences::duration),
          step.verify().map(Sentences::duration));
    }
  }

  static RulesView of(RuleSet rules) {
    return new RulesView(
        rules.environments().stream().map(EnvironmentView::of).toList(),
        rules.alertRules().stream().map(AlertRuleView::of).toList(),
        rules.services().stream().map(RuleView::of).toList(),
        rules.fleets().stream().map(FleetView::of).toList());
  }

  private static String words(Condition condition) {
    return switch (condition) {
      case Condition.AnyTrigger _ -> "rollback_triggers";
      case Condition.AlertMatches(var matchers) ->
          matchers.stream().map(Object::toString).collect(Collectors.joining(", "));
    };
  }

  private static String words(Action action) {
    return switch (action) {
      case Action.Rollback(var workload, var to) ->
          "roll back "
              + workload
              + switch (to) {
                case LAST_GOOD -> " to the last good revision";
                case PREVIOUS -> " to the previous revision";
              };
      case Action.Flags(var configMap, var set) -> "set in " + configMap + ": " + set;
      case Action.RateLimit(var source, var manifests) ->
          "apply "
              + source
              + ": "
              + manifests.stream().map(Manifest::toString).collect(Collectors.joining(", "));
      case Action.Page _ -> "call a person";
    };
  }
}
