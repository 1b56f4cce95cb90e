package dev.belay.sim;

import dev.belay.core.alert.Door;
import dev.belay.core.alert.Matcher;
import dev.belay.core.engine.Listening;
import dev.belay.core.engine.Settings;
import dev.belay.core.release.Workload;
import dev.belay.core.remediation.Action;
import dev.belay.core.remediation.ConfigMapRef;
import dev.belay.core.remediation.Manifest;
import dev.belay.core.remediation.Remediation;
import dev.belay.core.remediation.Step;
import dev.belay.core.rule.AlertGroup;
import dev.belay.core.rule.AlertRule;
import dev.belay.core.rule.Condition;
import dev.belay.core.rule.Fleet;
import dev.belay.core.rule.Limits;
import dev.belay.core.rule.Mode;
import dev.belay.core.rule.RuleSet;
import dev.belay.core.rule.Service;
import dev.belay.core.rule.Signal;
import dev.belay.core.rule.Trigger;
import dev.belay.core.rule.WorkloadSelector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What kind of run a seed makes: runs must differ in kind, not only in detail, so most faults are
 * wholly absent from most runs.
 *
 * @param crash probability of a crash at each point where one may come
 * @param lostReply share of the cluster's answers that are lost, after the effect or before
 * @param silent share of the reads that get no answer
 * @param duplicates share of the deliveries that come again later
 * @param blind share of the time without metrics
 * @param people how busy people are in the cluster, 0 to 1
 * @param trouble how often something breaks that is no release's fault, 0 to 1
 * @param input share of the release events that come by an input with positions
 * @param silence how often an input falls silent, 0 to 1; where it is 0 none is listened to
 */
record Swarm(
    RuleSet rules,
    Settings settings,
    Door door,
    Duration hold,
    double crash,
    double lostReply,
    double silent,
    double duplicates,
    double blind,
    double people,
    double trouble,
    double input,
    double silence) {
  static final Trigger ERRORS =
      new Trigger(
          Signal.ERROR_RATE, Optional.empty(), true, 0.05, Duration.ofMinutes(1), "> 5% for 1m");
  static final String WATCHDOG = "Watchdog";

  /** What the fleet finds. */
  static final Workload FOUND = new Workload("deployment", "f", "app");

  static final Duration WINDOW = Duration.ofHours(1);

  static Swarm of(Dice dice) {
    Duration hold = dice.chance(0.5) ? Duration.ofMinutes(1) : Duration.ZERO;
    List<Service> services = new ArrayList<>();
    int count = dice.between(1, 5);
    for (int i = 0; i < count; i++) {
      services.add(service("s" + i, dice));
    }
    AlertRule errors =
        new AlertRule(
            AlertGroup.named("g"),
            "Errors",
            "e",
            hold,
            Duration.ZERO,
            new TreeMap<>(),
            new TreeMap<>());
    Settings settings = settings(dice);
    Swarm swarm =
        new Swarm(
            new RuleSet(List.of(), List.of(errors), services),
            settings,
            dice.chance(0.5) ? Door.WEBHOOK : Door.API_V2,
            hold,
            some(dice, 0.7, 0.0005, 0.004),
            some(dice, 0.6, 0.05, 0.4),
            some(dice, 0.5, 0.02, 0.4),
            some(dice, 0.6, 0.05, 0.5),
            some(dice, 0.5, 0.02, 0.3),
            some(dice, 0.7, 0.2, 1),
            some(dice, 0.7, 0.2, 1),
            some(dice, 0.6, 0.3, 1),
            some(dice, 0.5, 0.2, 1));
    // Drawn last, so that each seed keeps its kind otherwise.
    Swarm whole = dice.chance(0.6) ? swarm.with(fleet(dice)) : swarm;
    return whole.silence() > 0 ? whole.listening() : whole;
  }

  private Swarm with(Fleet fleet) {
    return with(
        new RuleSet(rules.environments(), rules.alertRules(), rules.services(), List.of(fleet)),
        settings);
  }

  private Swarm listening() {
    return with(
        rules,
        settings.withListening(
            new Listening(
                Optional.of(WATCHDOG),
                Map.of(
                    dev.belay.core.engine.Input.ALERTS,
                    Duration.ofMinutes(5),
                    dev.belay.core.engine.Input.CLUSTER,
                    Listening.PATIENCE),
                false)));
  }

  private Swarm with(RuleSet otherRules, Settings otherSettings) {
    return new Swarm(
        otherRules,
        otherSettings,
        door,
        hold,
        crash,
        lostReply,
        silent,
        duplicates,
        blind,
        people,
        trouble,
        input,
        silence);
  }

  /** The services that are written, and those that may be found. */
  List<Service> services() {
    return Stream.concat(
            rules.services().stream(), rules.fleets().stream().map(fleet -> fleet.serviceOf(FOUND)))
        .toList();
  }

  /** One that finds a single workload, where that is there. */
  private static Fleet fleet(Dice dice) {
    Remediation release =
        new Remediation(
            "bad-release",
            List.of(alert("Errors")),
            Optional.of(WINDOW),
            mode(dice),
            List.of(
                new Step(
                    new Action.Rollback(Fleet.ANY, Action.Baseline.LAST_GOOD),
                    Optional.empty(),
                    Optional.of(Duration.ofMinutes(3))),
                page()));
    Remediation overload =
        new Remediation(
            "overload",
            List.of(alert("Latency")),
            Optional.empty(),
            mode(dice),
            List.of(flags("{namespace}"), page()));
    return new Fleet(
        "fleet",
        new WorkloadSelector(List.of("deployment"), List.of("f"), List.of(), List.of()),
        new Service(
            "fleet",
            Optional.of(Fleet.ANY),
            List.of(Matcher.equal("app", "{namespace}:{name}")),
            List.of(),
            List.of(release, overload),
            new Limits(Duration.ofMinutes(dice.between(1, 15)), dice.between(1, 3)),
            Duration.ofMinutes(dice.between(3, 10))));
  }

  private static double some(Dice dice, double often, double least, double most) {
    boolean present = dice.chance(often);
    double share = dice.below(1_000) / 1_000.0;
    return present ? least + (most - least) * share : 0;
  }

  private static Settings settings(Dice dice) {
    return new Settings(
        dice.chance(0.1) ? Mode.PROPOSE : Mode.ACT,
        dice.between(3, 6),
        Duration.ofMinutes(1),
        dice.between(1, 5),
        Duration.ofMinutes(1),
        Duration.ofMinutes(2),
        Duration.ofMinutes(10),
        Duration.ofMinutes(5),
        Settings.DEFAULT.alertRoom(),
        new Settings.CrashLoop(
            dice.chance(0.5) ? dice.between(2, 4) : 1_000_000, Duration.ofMinutes(10)),
        Listening.NONE);
  }

  private static Service service(String name, Dice dice) {
    Workload workload = new Workload("deployment", name, "app");
    List<Condition> when = new ArrayList<>();
    boolean byTrigger = dice.chance(0.5);
    if (byTrigger) {
      when.add(new Condition.AnyTrigger());
    }
    if (!byTrigger || dice.chance(0.3)) {
      when.add(alert("Errors"));
    }
    Remediation release =
        new Remediation(
            "bad-release",
            when,
            Optional.of(WINDOW),
            mode(dice),
            List.of(
                new Step(
                    new Action.Rollback(workload, Action.Baseline.LAST_GOOD),
                    Optional.empty(),
                    Optional.of(Duration.ofMinutes(3))),
                page()));
    Remediation overload =
        new Remediation(
            "overload",
            List.of(alert("Latency")),
            Optional.empty(),
            mode(dice),
            List.of(flags(name), limit(name), page()));
    return new Service(
        name,
        Optional.of(workload),
        List.of(Matcher.equal("app", name)),
        byTrigger ? List.of(ERRORS) : List.of(),
        List.of(release, overload),
        new Limits(Duration.ofMinutes(dice.between(1, 15)), dice.between(1, 3)),
        Duration.ofMinutes(dice.between(3, 10)));
  }

  private static Mode mode(Dice dice) {
    return dice.of(
        List.of(Mode.ACT, Mode.ACT, Mode.ACT, Mode.VETO, Mode.VETO, Mode.PROPOSE, Mode.OBSERVE));
  }

  private static Condition alert(String name) {
    return new Condition.AlertMatches(List.of(Matcher.equal("alertname", name)));
  }

  private static Step page() {
    return new Step(new Action.Page(), Optional.empty(), Optional.empty());
  }

  private static Step flags(String service) {
    return new Step(
        new Action.Flags(
            new ConfigMapRef(service, "flags"), new TreeMap<>(Map.of("ANALYTICS", "false"))),
        Optional.of(Duration.ofMinutes(12)),
        Optional.of(Duration.ofMinutes(2)));
  }

  private static Step limit(String service) {
    return new Step(
        new Action.RateLimit("limit.yml", List.of(manifest(service))),
        Optional.of(Duration.ofMinutes(12)),
        Optional.of(Duration.ofMinutes(2)));
  }

  static Manifest manifest(String service) {
    return new Manifest(
        "networking.istio.io/v1",
        "EnvoyFilter",
        service,
        "limit",
        "{\"apiVersion\":\"networking.istio.io/v1\",\"kind\":\"EnvoyFilter\",\"metadata\":"
            + "{\"name\":\"limit\",\"namespace\":\""
            + service
            + "\"}}");
  }
}
