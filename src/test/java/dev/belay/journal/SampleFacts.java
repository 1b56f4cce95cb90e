package dev.belay.journal;

import dev.belay.core.alert.Door;
import dev.belay.core.alert.Episode;
import dev.belay.core.alert.Labels;
import dev.belay.core.engine.Fact;
import dev.belay.core.engine.Input;
import dev.belay.core.engine.Lease;
import dev.belay.core.engine.Position;
import dev.belay.core.engine.RolloutState;
import dev.belay.core.engine.RolloutTrouble;
import dev.belay.core.engine.Run;
import dev.belay.core.engine.Soak;
import dev.belay.core.engine.Standing;
import dev.belay.core.engine.TriggerState;
import dev.belay.core.incident.Blame;
import dev.belay.core.incident.Course;
import dev.belay.core.incident.Evidence;
import dev.belay.core.incident.Notice;
import dev.belay.core.incident.Reason;
import dev.belay.core.release.Announcement;
import dev.belay.core.release.Release;
import dev.belay.core.release.Revision;
import dev.belay.core.release.Sighting;
import dev.belay.core.release.TemplateChange;
import dev.belay.core.release.Workload;
import dev.belay.core.remediation.ActionId;
import dev.belay.core.remediation.ConfigMapRef;
import dev.belay.core.remediation.Manifest;
import dev.belay.core.remediation.Outcome;
import dev.belay.core.remediation.Plan;
import dev.belay.core.rule.Found;
import dev.belay.core.rule.Mode;
import dev.belay.core.rule.Narrowing;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Facts of every kind, with every variant and every constant that a fact can hold. */
public final class SampleFacts {
  /** When the samples begin. */
  public static final Instant START = Instant.parse("2026-11-24T10:15:30.123456789Z");

  private static final Instant LATER = START.plusSeconds(61);
  private static final String SERVICE = "covet";
  private static final String INCIDENT = "covet-1";
  private static final String DIGEST = "00112233445566aa";
  private static final ActionId ACTION = new ActionId("0123456789abcdef");
  private static final ActionId UNDO = new ActionId("fedcba9876543210");
  private static final ConfigMapRef CONFIG = new ConfigMapRef("covet", "covet-config");

  private SampleFacts() {}

  /** An alert with labels of ordinary size; alerts of different numbers differ. */
  public static Fact.AlertFired alert(int number) {
    Labels labels =
        Labels.of(
            Map.of(
                "alertname", "HighErrorRateAfterDeployment",
                "namespace", "covet",
                "deployment", "covet-app",
                "severity", "critical",
                "cluster", "production-eu-1",
                "job", "covet",
                "instance", "10.0.3.7:8080",
                "pod", "covet-app-6d5f7c9b8d-" + number));
    return fired(labels, Episode.Status.FIRING, START.plusMillis(number));
  }

  private static Fact.AlertFired fired(Labels labels, Episode.Status status, Instant startsAt) {
    boolean firing = status == Episode.Status.FIRING;
    return new Fact.AlertFired(
        new Episode(
            labels,
            new TreeMap<>(
                Map.of(
                    "summary", "High error rate after deployment of covet",
                    "description", "7.3% over the last 5 minutes; the threshold is 5%.",
                    "runbook_url", "https://runbooks.example.com/covet/high-error-rate")),
            status,
            startsAt,
            firing ? Optional.empty() : Optional.of(LATER),
            startsAt.plusSeconds(300),
            firing ? Door.WEBHOOK : Door.API_V2,
            startsAt.plusNanos(17),
            List.of(SERVICE),
            Optional.empty()));
  }

  /** One or more of every kind. Their order makes no sense; their form is what matters. */
  public static List<Fact> all() {
    List<Fact> facts = new ArrayList<>();
    alerts(facts);
    releases(facts);
    incidents(facts);
    runs(facts);
    actions(facts);
    whole(facts);
    notices(facts);
    later(facts);
    rules(facts);
    people(facts);
    sightings(facts);
    changes(facts);
    charts(facts);
    probes(facts);
    reloads(facts);
    return facts;
  }

  private static void alerts(List<Fact> facts) {
    Labels labels =
        Labels.of(Map.of("alertname", "HighLatency", "zone", "\u00e9\u4e16\ud83d\ude80"));
    Labels hostile =
        Labels.of(Map.of("", "x", "a\u0000b", "\"\\\n\u2028\u007f", "half", "\ud83d!"));
    facts.add(alert(1));
    for (Episode.Status status : Episode.Status.values()) {
      facts.add(fired(labels, status, START));
      facts.add(new Fact.AlertEnded(labels, status, Instant.parse("2026-11-24T10:15:30Z")));
    }
    facts.add(fired(hostile, Episode.Status.FIRING, Instant.EPOCH));
    facts.add(new Fact.AlertRenewed(labels, START, Instant.parse("+10000-01-01T00:00:00.5Z")));
    facts.add(new Fact.AlertRenewed(Labels.NONE, Instant.MIN, Instant.MAX));
    facts.add(new Fact.AlertForgotten(labels));
  }

  private static Release release(Release.Change change) {
    return new Release(
        "r-1",
        "urn:ci",
        SERVICE,
        "production",
        change,
        Optional.of("1.4.2"),
        Optional.of("registry.example.com/covet:1.4.2"),
        START,
        Optional.of(LATER),
        Optional.of("ada"));
  }

  private static void sightings(List<Fact> facts) {
    for (Sighting sighting :
        List.of(
            new Sighting(8, DIGEST, Optional.of("kubectl set image"), Optional.of("Helm")),
            new Sighting(Long.MAX_VALUE, DIGEST, Optional.empty(), Optional.empty()))) {
      facts.add(
          new Fact.ReleaseRecorded(
              SERVICE,
              new Release(
                  "u-8@" + sighting.revision(),
                  "belay/watch",
                  SERVICE,
                  "",
                  Release.Change.UPGRADED,
                  Optional.empty(),
                  Optional.of("a:1"),
                  START,
                  Optional.of(LATER),
                  Optional.of("kubectl-set"),
                  Optional.of(sighting))));
    }
  }

  private static void releases(List<Fact> facts) {
    for (Release.Change change : Release.Change.values()) {
      facts.add(new Fact.ReleaseRecorded(SERVICE, release(change)));
    }
    facts.add(
        new Fact.ReleaseRecorded(
            SERVICE,
            new Release(
                "r-2",
                "urn:ci",
                SERVICE,
                "",
                Release.Change.DEPLOYED,
                Optional.empty(),
                Optional.empty(),
                START,
                Optional.empty(),
                Optional.empty())));
    Revision revision =
        new Revision(
            "u-7",
            Long.MAX_VALUE,
            DIGEST,
            List.of("a:1", "b:2"),
            START,
            3,
            Optional.of("kubectl set image"));
    facts.add(new Fact.RevisionRan(SERVICE, revision, START, Optional.of(LATER)));
    facts.add(new Fact.RevisionRan(SERVICE, revision, START, Optional.empty()));
    facts.add(new Fact.RevisionJudged(SERVICE, DIGEST, true, Reason.KNOWN_GOOD, LATER));
    facts.add(new Fact.RevisionJudged(SERVICE, DIGEST, false, Reason.KNOWN_BAD, LATER));
  }

  private static void incidents(List<Fact> facts) {
    for (TriggerState.Phase phase : TriggerState.Phase.values()) {
      facts.add(
          new Fact.TriggerMoved(
              SERVICE,
              new TriggerState(
                  "error_rate",
                  phase,
                  Optional.of(START),
                  Optional.of(LATER),
                  Optional.empty(),
                  Optional.of(LATER),
                  Optional.empty())));
    }
    facts.add(new Fact.TriggerMoved(SERVICE, TriggerState.inactive("availability")));
    facts.add(
        new Fact.TriggerMoved(
            SERVICE,
            new TriggerState(
                "error_rate",
                TriggerState.Phase.PENDING,
                Optional.of(START),
                Optional.empty(),
                Optional.of(LATER),
                Optional.empty(),
                Optional.empty())));
    facts.add(
        new Fact.TriggerMoved(
            SERVICE,
            new TriggerState(
                "error_rate",
                TriggerState.Phase.FIRING,
                Optional.of(LATER),
                Optional.of(LATER),
                Optional.of(LATER),
                Optional.empty(),
                Optional.of(START))));
    facts.add(new Fact.IncidentOpened(SERVICE, INCIDENT, "HighErrorRateAfterDeployment", START));
    for (Reason reason : Reason.values()) {
      facts.add(new Fact.IncidentClosed(SERVICE, INCIDENT, reason, LATER));
    }
    facts.add(
        new Fact.Decided(
            SERVICE,
            INCIDENT,
            "bad-release",
            true,
            Reason.RELEASE_TO_BLAME,
            List.of(new Evidence("release", "1.4.2"), new Evidence("generation", "7")),
            LATER));
    facts.add(new Fact.Decided("", "", "", false, Reason.NO_SERVICE, List.of(), LATER));
  }

  private static Fact run(Run.Phase phase, Mode mode, Optional<Blame> blame, Optional<Plan> plan) {
    return new Fact.RunMoved(
        SERVICE,
        new Run(
            INCIDENT,
            "bad-release",
            1,
            phase,
            mode,
            blame,
            ACTION,
            plan,
            LATER,
            LATER.plusNanos(1),
            2),
        START);
  }

  private static void runs(List<Fact> facts) {
    Blame blame =
        new Blame(
            Optional.of(release(Release.Change.DEPLOYED)),
            Optional.of(DIGEST),
            Reason.RELEASE_TO_BLAME,
            List.of(new Evidence("release", "1.4.2")),
            List.of(new Evidence("fired before", "no")));
    for (Run.Phase phase : Run.Phase.values()) {
      facts.add(run(phase, Mode.VETO, Optional.of(blame), Optional.of(plans().getFirst())));
    }
    for (Mode.Kind kind : Mode.Kind.values()) {
      Mode mode = new Mode(kind, Duration.ofMillis(90_500));
      facts.add(run(Run.Phase.OBSERVING, mode, Optional.empty(), Optional.empty()));
    }
    facts.add(new Fact.RunEnded(SERVICE, INCIDENT, Reason.VERIFIED, LATER));
    facts.add(new Fact.PermitAsked(SERVICE, ACTION, START));
    facts.add(new Fact.PermitAnswered(SERVICE, ACTION, Optional.of(Reason.STORM), START));
    facts.add(new Fact.PermitAnswered(SERVICE, ACTION, Optional.empty(), START));
  }

  private static List<Plan> plans() {
    SortedMap<String, Optional<String>> prior = new TreeMap<>();
    prior.put("FEATURE_A", Optional.of("true"));
    prior.put("FEATURE_B", Optional.empty());
    SortedMap<String, String> set = new TreeMap<>(Map.of("FEATURE_A", "false", "FEATURE_B", ""));
    List<Manifest> manifests =
        List.of(
            new Manifest(
                "networking.istio.io/v1alpha3", "EnvoyFilter", "covet", "limit", "{\"spec\":{}}"));
    return List.of(
        new Plan.RollBack(
            new Workload("deployment", "covet", "covet-app"),
            "u-1",
            42,
            DIGEST,
            "u-6",
            "aa66554433221100",
            6,
            List.of("covet:1.4.2"),
            List.of("covet:1.4.1"),
            Optional.empty()),
        new Plan.SetFlags(CONFIG, "u-2", prior, set),
        new Plan.RestoreFlags(CONFIG, "u-2", prior, set),
        new Plan.ApplyManifests(manifests),
        new Plan.DeleteManifests(manifests, Optional.empty()));
  }

  private static void actions(List<Fact> facts) {
    for (Plan plan : plans()) {
      facts.add(new Fact.ActionIntended(SERVICE, INCIDENT, ACTION, plan, START));
    }
    for (Outcome outcome :
        List.of(
            new Outcome.Applied("generation 43"),
            new Outcome.AlreadyDone("by another hand"),
            new Outcome.Refused(Reason.SUPERSEDED, "422"),
            new Outcome.Doubtful("connection reset"))) {
      facts.add(new Fact.ActionEnded(SERVICE, INCIDENT, ACTION, outcome, LATER));
    }
    for (Lease.Phase phase : Lease.Phase.values()) {
      Lease lease = new Lease(ACTION, INCIDENT, plans().get(2), UNDO, phase, LATER, 1);
      facts.add(new Fact.LeaseMoved(SERVICE, lease, START));
    }
    facts.add(
        new Fact.LeaseEnded(
            SERVICE, ACTION, Reason.RESTORED, "as it was", LATER, Optional.empty()));
  }

  private static void whole(List<Fact> facts) {
    facts.add(new Fact.PersonApproved(SERVICE, INCIDENT, "ada", START, Optional.empty()));
    facts.add(new Fact.PersonVetoed(SERVICE, INCIDENT, "bob", START));
    facts.add(new Fact.Held("ada", "database migration", START));
    facts.add(new Fact.HoldReleased("ada", LATER));
    facts.add(new Fact.BrakeEngaged(List.of("covet", "pay", "shop"), START));
    facts.add(new Fact.BrakeReleased(LATER));
    facts.add(new Fact.DaemonStarted(START));
    facts.add(new Fact.DaemonStopped(LATER));
  }

  private static void notices(List<Fact> facts) {
    for (Notice.Kind kind : Notice.Kind.values()) {
      facts.add(
          new Fact.NoticeMade(
              new Notice(
                  INCIDENT,
                  1,
                  kind,
                  SERVICE,
                  "covet is in trouble",
                  "Rolled back to 1.4.1 <because>.",
                  START,
                  kind == Notice.Kind.COUNTDOWN ? Optional.of(LATER) : Optional.empty())));
    }
    facts.add(new Fact.NoticeSent(INCIDENT, 1, "slack", Optional.of("1700000000.000100"), LATER));
    facts.add(new Fact.NoticeSent(INCIDENT, 2, "pagerduty", Optional.empty(), LATER));
  }

  /** What came after the first version. */
  private static void later(List<Fact> facts) {
    facts.add(
        new Fact.RevisionSoaked(
            SERVICE,
            new Soak(DIGEST, Duration.ZERO, false, START, Optional.empty(), Optional.empty())));
    facts.add(
        new Fact.RevisionSoaked(
            SERVICE,
            new Soak(
                DIGEST, Duration.ofMinutes(7), true, START, Optional.of(LATER), Optional.empty())));
    facts.add(
        new Fact.AlertAssigned(Labels.of("alertname", "Errors"), List.of(SERVICE, "pay"), LATER));
    facts.add(new Fact.AlertFired(recurring()));
    facts.add(new Fact.AlertFired(watched()));
    facts.add(
        new Fact.NoticeMade(
            new Notice(
                INCIDENT,
                9,
                Notice.Kind.ACTED,
                SERVICE,
                "covet is in trouble",
                "Rolled back.",
                START,
                Optional.empty(),
                Optional.of(List.of("covet:1.4.1")),
                Optional.empty())));
    facts.add(
        new Fact.ReleaseJoined(
            SERVICE,
            new Announcement("deploy-42", "https://ci.example/shop"),
            new Announcement("uid-7@2026-01-02T03:04:05Z", "belay/watch"),
            LATER));
    for (RolloutTrouble trouble : RolloutTrouble.values()) {
      facts.add(
          new Fact.RolloutMoved(SERVICE, new RolloutState(trouble, Optional.of(START), LATER)));
    }
    facts.add(
        new Fact.RolloutMoved(
            SERVICE, new RolloutState(RolloutTrouble.IN_PROGRESS, Optional.empty(), LATER)));
    facts.add(new Fact.JournalBegun("6f1c2f0e-8d0f-4f7e-9a53-0f6f5a2f5a11", START));
    facts.add(
        new Fact.ActionIntended(
            SERVICE,
            INCIDENT,
            ACTION,
            new Plan.DeleteManifests(List.of(), Optional.of(ACTION)),
            START));
    facts.add(
        new Fact.ServiceFound(
            "shop:cart",
            new Found(new Workload("deployment", "shop", "cart"), List.of("all", "shop")),
            START));
    facts.add(new Fact.ServiceLost("shop:cart", LATER));
    facts.add(
        new Fact.ServiceNarrowed(
            SERVICE, Narrowing.of(Optional.of("propose"), Optional.of("true")), START));
    facts.add(
        new Fact.ServiceNarrowed(
            SERVICE, Narrowing.of(Optional.of("sometimes"), Optional.empty()), LATER));
    facts.add(
        new Fact.InputRead(new Position("kafka/Zt3cY7QTRvSZBJdGmvYoqg/0", Long.MAX_VALUE), LATER));
    facts.add(new Fact.ChannelsNamed(List.of("pagerduty", "slack"), START, Optional.empty()));
    facts.add(new Fact.NoticesTriedAgain("slack", 7, LATER, START));
    facts.add(new Fact.NoticeGivenUp(INCIDENT, 2, "slack", LATER));
    facts.add(
        new Fact.LeaseEnded(
            SERVICE, ACTION, Reason.RESTORED, "as it was", LATER, Optional.of(INCIDENT)));
    facts.add(
        new Fact.RevisionSoaked(
            SERVICE,
            new Soak(
                DIGEST,
                Duration.ofMinutes(7),
                true,
                START,
                Optional.empty(),
                Optional.of(new TreeMap<>(Map.of("error_rate", LATER))))));
    facts.add(
        new Fact.InputHeard(
            Input.KAFKA,
            Optional.of("no broker answers"),
            Optional.of(LATER),
            START,
            Optional.empty()));
    facts.add(
        new Fact.InputHeard(
            Input.PROMETHEUS, Optional.empty(), Optional.empty(), START, Optional.empty()));
    facts.add(
        new Fact.InputHeard(
            Input.SCRAPES,
            Optional.of("the scrape of job shop, instance 10.0.0.7:80 fails"),
            Optional.of(LATER),
            START,
            Optional.of(List.of("pay", "shop"))));
    facts.add(new Fact.InputMoved(Input.ALERTS, true, START, "it did not come in", LATER));
    facts.add(new Fact.InputMoved(Input.CLUSTER, false, START, "", LATER));
    facts.add(
        new Fact.NoticeMade(
            new Notice(
                INCIDENT,
                10,
                Notice.Kind.ACTED,
                SERVICE,
                "covet is in trouble",
                "Rolled back.",
                START,
                Optional.empty(),
                Optional.of(List.of("covet:1.4.1")),
                Optional.empty(),
                Optional.of(new Announcement("deploy-42", "https://ci.example/shop")))));
  }

  private static Episode watched() {
    return new Episode(
        Labels.of("alertname", "DeploymentFailed"),
        new TreeMap<>(),
        Episode.Status.FIRING,
        START,
        Optional.empty(),
        LATER,
        Door.WATCH,
        START,
        List.of(SERVICE),
        Optional.empty());
  }

  private static void people(List<Fact> facts) {
    String plan = "00112233445566778899aabbccddeeff";
    facts.add(new Fact.PersonApproved(SERVICE, INCIDENT, "ada", START, Optional.of(plan)));
    facts.add(new Fact.IncidentSnoozed(SERVICE, INCIDENT, "ada", LATER, START));
    facts.add(new Fact.SnoozeEnded(SERVICE, INCIDENT, LATER));
    facts.add(new Fact.PersonAcknowledged(SERVICE, INCIDENT, "ada", START));
    facts.add(
        new Fact.PageEscalated(SERVICE, INCIDENT, List.of("mail", "pagerduty"), START, LATER));
    facts.add(
        new Fact.ChannelsNamed(
            List.of("pagerduty", "slack"), START, Optional.of(List.of("pagerduty"))));
    for (Optional<Notice.Asked> asked :
        List.of(
            Optional.<Notice.Asked>empty(),
            Optional.of(new Notice.Asked("0123456789abcdef", plan, "rollback")))) {
      facts.add(
          new Fact.NoticeMade(
              new Notice(
                  INCIDENT,
                  2,
                  Notice.Kind.COUNTDOWN,
                  SERVICE,
                  "covet is in trouble",
                  "At 12:00:30 UTC, unless vetoed: roll back.",
                  START,
                  Optional.of(LATER),
                  Optional.empty(),
                  Optional.of(new Notice.Offer(asked)))));
    }
  }

  private static void probes(List<Fact> facts) {
    facts.add(
        new Fact.InputHeard(
            Input.PROBES,
            Optional.of("no probe says anything of shop (its name does not resolve)"),
            Optional.of(LATER),
            START,
            Optional.of(List.of("shop"))));
  }

  private static void reloads(List<Fact> facts) {
    facts.add(
        new Fact.ReloadAccepted("ada", "0123456789ab", "ba9876543210", START, Optional.empty()));
    facts.add(
        new Fact.ReloadRefused(
            "SIGHUP", "ba9876543210", "pay.yml:2:1: \"remediation\" is no key", LATER));
    facts.add(
        new Fact.ReloadAccepted(
            "ada",
            "0123456789ab",
            "0123456789ab",
            START,
            Optional.of(List.of("mode (observe instead of act)", "kafka"))));
  }

  private static void charts(List<Fact> facts) {
    facts.add(
        new Fact.IncidentCharted(
            SERVICE,
            INCIDENT,
            List.of(
                Course.of(
                    "error_rate > 5% for 2 minutes",
                    "error_rate",
                    true,
                    0.05,
                    List.of(
                        new Course.Point(START, Optional.of(0.125)),
                        new Course.Point(LATER, Optional.empty())))),
            LATER));
  }

  private static void rules(List<Fact> facts) {
    Labels labels = Labels.of("alertname", "Errors", "namespace", "covet");
    String rule = "alerts.yml;covet;Errors";
    facts.add(
        new Fact.RuleMoved(
            rule,
            START,
            true,
            List.of(
                new Standing(labels, START, Optional.empty(), Optional.empty()),
                new Standing(Labels.NONE, START, Optional.of(LATER), Optional.of(LATER))),
            List.of(labels)));
    facts.add(new Fact.RuleMoved(rule, LATER, false, List.of(), List.of()));
    facts.add(
        new Fact.AlertFired(
            new Episode(
                labels,
                new TreeMap<>(),
                Episode.Status.FIRING,
                START,
                Optional.empty(),
                LATER,
                Door.RULES,
                START,
                List.of(SERVICE),
                Optional.empty())));
  }

  private static Episode recurring() {
    return new Episode(
        Labels.of("alertname", "Errors"),
        new TreeMap<>(),
        Episode.Status.FIRING,
        LATER,
        Optional.empty(),
        LATER.plusSeconds(300),
        Door.WEBHOOK,
        LATER,
        List.of(SERVICE),
        Optional.of(START));
  }

  private static void changes(List<Fact> facts) {
    Plan.RollBack plan = (Plan.RollBack) plans().getFirst();
    facts.add(
        new Fact.ActionIntended(
            SERVICE,
            INCIDENT,
            ACTION,
            new Plan.RollBack(
                plan.workload(),
                plan.uid(),
                plan.generation(),
                plan.fromDigest(),
                plan.toRevision(),
                plan.toDigest(),
                plan.toNumber(),
                plan.fromImages(),
                plan.toImages(),
                Optional.of(
                    List.of(
                        new TemplateChange(
                            "spec.containers[app].resources.limits.memory",
                            Optional.of("1Gi"),
                            Optional.of("2Gi")),
                        new TemplateChange(
                            "spec.containers[app].env[MODE].value",
                            Optional.empty(),
                            Optional.empty())))),
            START));
  }
}
