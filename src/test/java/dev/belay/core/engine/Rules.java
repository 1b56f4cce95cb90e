package dev.belay.core.engine;

import dev.belay.core.alert.Matcher;
import dev.belay.core.release.Workload;
import dev.belay.core.remediation.Action;
import dev.belay.core.remediation.ConfigMapRef;
import dev.belay.core.remediation.Manifest;
import dev.belay.core.remediation.Remediation;
import dev.belay.core.remediation.Step;
import dev.belay.core.rule.AlertGroup;
import dev.belay.core.rule.AlertRule;
import dev.belay.core.rule.Condition;
import dev.belay.core.rule.Environment;
import dev.belay.core.rule.Limits;
import dev.belay.core.rule.Measuring;
import dev.belay.core.rule.Mode;
import dev.belay.core.rule.Probe;
import dev.belay.core.rule.RuleSet;
import dev.belay.core.rule.Service;
import dev.belay.core.rule.Signal;
import dev.belay.core.rule.Trigger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Rules for tests: a shop that is rolled back when a release breaks it, unless told otherwise. */
final class Rules {
  static final Workload SHOP_WORKLOAD = new Workload("deployment", "shop", "app");
  static final ConfigMapRef FLAGS = new ConfigMapRef("shop", "flags");
  static final Trigger ERRORS =
      new Trigger(
          Signal.ERROR_RATE, Optional.empty(), true, 0.05, Duration.ofMinutes(2), "> 5% for 2m");
  static final Trigger SLOW =
      new Trigger(
          Signal.RESPONSE_TIME,
          Optional.of(0.95),
          true,
          1,
          Duration.ofMinutes(5),
          "p95 > 1s for 5m");
  static final Manifest LIMIT =
      new Manifest("networking.istio.io/v1", "EnvoyFilter", "shop", "limit", "{}");

  private Mode mode = Mode.ACT;
  private Settings settings = settings(Mode.ACT);
  private Limits limits = new Limits(Duration.ofMinutes(15), 4);
  private String journal = "";
  private final List<Matcher> match = new ArrayList<>();
  private Duration soak = Duration.ofMinutes(10);
  private Measuring measuring = Measuring.DEFAULT;
  private Optional<Duration> blame = Optional.of(Duration.ofHours(1));
  private List<Condition> when = List.of(alert("Errors"));
  private List<Step> ladder = List.of(rollback(), page());
  private final List<Trigger> triggers = new ArrayList<>();
  private final List<Environment> environments = new ArrayList<>();
  private final List<AlertRule> alertRules = new ArrayList<>();
  private final List<Remediation> more = new ArrayList<>();
  private final List<String> others = new ArrayList<>();
  private List<String> channels = List.of("slack");

  static Settings settings(Mode mode) {
    return settings(mode, Settings.CrashLoop.DEFAULT);
  }

  private static Settings settings(Mode mode, Settings.CrashLoop crashLoop) {
    return new Settings(
        mode,
        5,
        Duration.ofMinutes(1),
        10,
        Duration.ofMinutes(1),
        Duration.ofMinutes(2),
        Duration.ofMinutes(10),
        Duration.ofMinutes(5),
        Settings.DEFAULT.alertRoom(),
        crashLoop,
        Listening.NONE);
  }

  /** For those that are killed again and again, and are not to be held back for it. */
  static Settings unheld() {
    return settings(Mode.ACT, new Settings.CrashLoop(1_000, Duration.ofSeconds(1)));
  }

  static Condition alert(String name) {
    return new Condition.AlertMatches(List.of(Matcher.equal("alertname", name)));
  }

  static Step rollback() {
    return new Step(
        new Action.Rollback(SHOP_WORKLOAD, Action.Baseline.LAST_GOOD),
        Optional.empty(),
        Optional.of(Duration.ofMinutes(3)));
  }

  static Step unverified(Step step) {
    return new Step(step.action(), step.lease(), Optional.empty());
  }

  static Step rollbackToPrevious() {
    return new Step(
        new Action.Rollback(SHOP_WORKLOAD, Action.Baseline.PREVIOUS),
        Optional.empty(),
        Optional.of(Duration.ofMinutes(3)));
  }

  static Step flags(Duration lease) {
    return new Step(
        new Action.Flags(FLAGS, new TreeMap<>(Map.of("ANALYTICS", "false"))),
        Optional.of(lease),
        Optional.of(Duration.ofMinutes(2)));
  }

  static Step rateLimit(Duration lease) {
    return new Step(
        new Action.RateLimit("limit.yml", List.of(LIMIT)),
        Optional.of(lease),
        Optional.of(Duration.ofMinutes(2)));
  }

  static Step page() {
    return new Step(new Action.Page(), Optional.empty(), Optional.empty());
  }

  Rules mode(Mode is) {
    mode = is;
    return this;
  }

  Rules settings(Settings are) {
    settings = are;
    return this;
  }

  Rules limits(String cooldown, int perHour) {
    limits = new Limits(Duration.parse("PT" + cooldown), perHour);
    return this;
  }

  Rules soak(Duration is) {
    soak = is;
    return this;
  }

  /** Alerts must have this label besides, to mean the shop. */
  Rules match(String label, String value) {
    match.add(Matcher.equal(label, value));
    return this;
  }

  Rules channels(String... names) {
    channels = Arrays.asList(names);
    return this;
  }

  Rules journal(String id) {
    journal = id;
    return this;
  }

  Rules whateverTheCause() {
    blame = Optional.empty();
    return this;
  }

  Rules when(Condition... conditions) {
    when = Arrays.asList(conditions);
    return this;
  }

  /** The shop's own trigger sets the remediation off. */
  Rules onTrigger() {
    triggers.add(ERRORS);
    return when(new Condition.AnyTrigger());
  }

  /** Every service is asked itself whether it is well. */
  Rules probed() {
    Probe probe =
        new Probe(
            "http://shop.invalid/health",
            Duration.ofSeconds(10),
            Duration.ofSeconds(1),
            Duration.ofMinutes(1),
            Optional.empty());
    measuring = new Measuring(Optional.empty(), Map.of(), Optional.of(probe));
    return this;
  }

  /** The same with two triggers. */
  Rules onTriggers() {
    triggers.add(SLOW);
    return onTrigger();
  }

  Rules ladder(Step... steps) {
    ladder = Arrays.asList(steps);
    return this;
  }

  Rules environment(String name, Optional<Mode> cap) {
    environments.add(new Environment(name, "c1", "shop", cap));
    return this;
  }

  /** The environment of another namespace than the shop's. */
  Rules elsewhere(String namespace, Mode cap) {
    environments.add(new Environment(namespace, "c1", namespace, Optional.of(cap)));
    return this;
  }

  Rules holdOf(String alert, String hold) {
    alertRules.add(
        new AlertRule(
            AlertGroup.named("g"),
            alert,
            "up == 0",
            Duration.parse("PT" + hold),
            Duration.ZERO,
            new TreeMap<>(),
            new TreeMap<>()));
    return this;
  }

  /** A rule that is evaluated. */
  Rules rule(AlertRule rule) {
    alertRules.add(rule);
    return this;
  }

  Rules and(Remediation remediation) {
    more.add(remediation);
    return this;
  }

  /** Other services that are watched, by the same rules but without a workload. */
  Rules others(String... names) {
    others.addAll(Arrays.asList(names));
    return this;
  }

  static Remediation overload(Step... ladder) {
    return new Remediation(
        "overload", List.of(alert("Latency")), Optional.empty(), Mode.ACT, Arrays.asList(ladder));
  }

  Core core() {
    List<Remediation> remediations = new ArrayList<>();
    remediations.add(new Remediation("bad-release", when, blame, mode, ladder));
    remediations.addAll(more);
    List<Service> services = new ArrayList<>();
    services.add(service(Scene.SHOP, Optional.of(SHOP_WORKLOAD), remediations));
    others.forEach(name -> services.add(service(name, Optional.empty(), remediations)));
    return new Core(new RuleSet(environments, alertRules, services), settings, journal, channels);
  }

  private Service service(String name, Optional<Workload> workload, List<Remediation> does) {
    List<Matcher> means = new ArrayList<>(match);
    means.addFirst(Matcher.equal("app", name));
    return new Service(name, workload, means, triggers, does, limits, soak, measuring);
  }
}
