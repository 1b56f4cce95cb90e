package dev.belay.core.rule;

import dev.belay.core.alert.Matcher;
import dev.belay.core.release.Workload;
import dev.belay.core.remediation.Action;
import dev.belay.core.remediation.ConfigMapRef;
import dev.belay.core.remediation.Remediation;
import dev.belay.core.remediation.Step;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * One rule for many services: each workload that the selector finds is one.
 *
 * @param name unique among all fleets
 * @param selector which workloads
 * @param pattern the service that each is made to be, with {@code {namespace}}, {@code {name}} and
 *     {@code {kind}} where the workload's stand; its workload is {@link #ANY}
 */
public record Fleet(String name, WorkloadSelector selector, Service pattern) {
  /** The workload of a pattern. */
  public static final Workload ANY = new Workload("{kind}", "{namespace}", "{name}");

  /** The placeholders that a pattern may have. */
  public static final List<String> PLACEHOLDERS = List.of(ANY.namespace(), ANY.name(), ANY.kind());

  /**
   * Where no rule says anything: everything that Belay may read but Kubernetes's own, looked at and
   * left alone.
   */
  public static final Fleet OBSERVED =
      new Fleet(
          "everything",
          new WorkloadSelector(
              List.of("deployment", "statefulset", "daemonset", "rollout"),
              List.of(),
              List.of("kube-node-lease", "kube-public", "kube-system"),
              List.of()),
          new Service(
              ANY.name(),
              Optional.of(ANY),
              List.of(
                  Matcher.equal("namespace", ANY.namespace()),
                  Matcher.equal(ANY.kind(), ANY.name())),
              List.of(),
              List.of(
                  new Remediation(
                      "bad-release",
                      List.of(
                          new Condition.AlertMatches(
                              List.of(new Matcher("alertname", Matcher.Operator.MATCHES, ".+")))),
                      Optional.of(Duration.ofHours(1)),
                      Mode.OBSERVE,
                      List.of(new Step(new Action.Page(), Optional.empty(), Optional.empty())))),
              Limits.DEFAULT,
              Service.DEFAULT_SOAK));

  /**
   * The name of the service that a workload is, for ever: {@code NAMESPACE:NAME} of a Deployment,
   * {@code NAMESPACE:KIND:NAME} of another. No rule file can give a service such a name.
   */
  public static String nameOf(Workload workload) {
    return workload.namespace()
        + ":"
        + (workload.kind().equals("deployment") ? "" : workload.kind() + ":")
        + workload.name();
  }

  /** The namespace of the service that was found and is named so; empty where it was not found. */
  public static Optional<String> namespaceOf(String service) {
    int colon = service.indexOf(':');
    return colon < 0 ? Optional.empty() : Optional.of(service.substring(0, colon));
  }

  /** The service that the workload is. */
  public Service serviceOf(Workload workload) {
    return new Service(
        nameOf(workload),
        Optional.of(workload),
        pattern.match().stream().map(matcher -> filled(matcher, workload)).toList(),
        pattern.triggers(),
        pattern.remediations().stream()
            .map(
                each ->
                    new Remediation(
                        each.name(),
                        each.when().stream().map(when -> filled(when, workload)).toList(),
                        each.blame(),
                        each.mode(),
                        each.ladder().stream().map(step -> filled(step, workload)).toList()))
            .toList(),
        pattern.limits(),
        pattern.soak(),
        new Measuring(
            pattern.measuring().profile(),
            pattern.measuring().measures(),
            pattern.measuring().probe().map(probe -> filled(probe, workload))),
        pattern.announcedAs());
  }

  private static Condition filled(Condition condition, Workload workload) {
    return switch (condition) {
      case Condition.AnyTrigger any -> any;
      case Condition.AlertMatches(var matchers) ->
          new Condition.AlertMatches(
              matchers.stream().map(matcher -> filled(matcher, workload)).toList());
    };
  }

  private static Step filled(Step step, Workload workload) {
    Action action =
        switch (step.action()) {
          case Action.Rollback(_, var to) -> new Action.Rollback(workload, to);
          case Action.Flags(var configMap, var set) ->
              new Action.Flags(
                  new ConfigMapRef(
                      filled(configMap.namespace(), workload), filled(configMap.name(), workload)),
                  set);
          case Action.RateLimit limit -> limit;
          case Action.Page page -> page;
        };
    return new Step(action, step.lease(), step.verify());
  }

  private static Probe filled(Probe probe, Workload workload) {
    return new Probe(
        filled(probe.url(), workload),
        probe.every(),
        probe.timeout(),
        probe.window(),
        probe.expect());
  }

  /** A dot in a name is a dot, also within an expression. */
  private static Matcher filled(Matcher matcher, Workload workload) {
    String value =
        switch (matcher.operator()) {
          case EQUAL, NOT_EQUAL -> filled(matcher.value(), workload);
          case MATCHES, NOT_MATCHES ->
              filled(
                  matcher.value(),
                  new Workload(
                      workload.kind(), workload.namespace(), workload.name().replace(".", "\\.")));
        };
    return new Matcher(filled(matcher.name(), workload), matcher.operator(), value);
  }

  /** The text, with what it says of the workload in the place of the placeholders. */
  public static String filled(String text, Workload workload) {
    return text.indexOf('{') < 0
        ? text
        : text.replace(ANY.namespace(), workload.namespace())
            .replace(ANY.name(), workload.name())
            .replace(ANY.kind(), workload.kind());
  }

  /** This fleet with another pattern. */
  Fleet with(Service other) {
    return new Fleet(name, selector, other);
  }
}
