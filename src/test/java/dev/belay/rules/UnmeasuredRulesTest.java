package dev.belay.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.belay.core.engine.Core;
import dev.belay.core.engine.Event;
import dev.belay.core.engine.RevisionRecord;
import dev.belay.core.engine.Settings;
import dev.belay.core.engine.State;
import dev.belay.core.release.Revision;
import dev.belay.core.release.Rollout;
import dev.belay.core.release.Workload;
import dev.belay.core.remediation.Observation;
import dev.belay.core.rule.Measuring;
import dev.belay.core.rule.Narrowing;
import dev.belay.core.rule.Probe;
import dev.belay.core.rule.RuleSet;
import dev.belay.core.rule.Service;
import dev.belay.core.rule.Signal;
import dev.belay.core.rule.Trigger;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * Without a Prometheus nothing reads the triggers of the shipped rules, so that no revision ever
 * proved good, and nothing could ever be rolled back.
 */
final class UnmeasuredRulesTest {
  private static final Workload COVET = new Workload("deployment", "covet", "covet-app");
  private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");

  private static RuleSet shipped() {
    return RuleLoader.load(Path.of("rules")).rules();
  }

  private static RevisionRecord.Judgement afterAnHourOfHealth(RuleSet rules) {
    Core core = new Core(rules, Settings.DEFAULT);
    State state = new State();
    core.handle(state, new Event.Started(), START);
    for (int look = 1; look <= 240; look++) {
      Instant now = START.plusSeconds(15L * look);
      core.handle(state, new Event.WorkloadSeen("covet", seen()), now);
      core.handle(state, new Event.Swept(), now);
    }
    return state.service("covet").orElseThrow().present().orElseThrow().judgement();
  }

  private static Observation.OfWorkload seen() {
    Revision revision = new Revision("u1", 1, "d1", List.of("covet:1"), START, 1, Optional.empty());
    return new Observation.OfWorkload(
        COVET,
        "uid",
        1,
        false,
        Rollout.done(""),
        "d1",
        Optional.empty(),
        Optional.empty(),
        List.of(revision),
        Narrowing.NONE,
        Map.of());
  }

  @Test
  void aRevisionProvesGoodThoughNothingMeasuresTheTriggers() {
    assertEquals(RevisionRecord.Judgement.GOOD, afterAnHourOfHealth(shipped().measured(false)));
  }

  @Test
  void whereTheyAreMeasuredTheyMustBeRead() {
    assertEquals(RevisionRecord.Judgement.UNPROVEN, afterAnHourOfHealth(shipped().measured(true)));
    assertEquals(shipped(), shipped().measured(true));
  }

  @Test
  void whatTheProbeMeasuresIsKept() {
    Service covet = shipped().services().getFirst();
    Probe probe =
        new Probe(
            "http://covet/health",
            Duration.ofSeconds(5),
            Duration.ofSeconds(1),
            Duration.ofSeconds(30),
            Optional.empty());
    Service probed =
        new Service(
            covet.name(),
            covet.workload(),
            covet.match(),
            covet.triggers(),
            covet.remediations(),
            covet.limits(),
            covet.soak(),
            new Measuring(Optional.empty(), Map.of(), Optional.of(probe)));
    List<Signal> kept =
        new RuleSet(List.of(), List.of(), List.of(probed))
            .measured(false).services().getFirst().triggers().stream()
                .map(Trigger::signal)
                .toList();
    assertEquals(
        List.of(Signal.RESPONSE_TIME, Signal.AVAILABILITY, Signal.HEALTH_CHECK_FAILURES), kept);
  }
}
