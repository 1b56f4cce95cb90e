package dev.belay.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.belay.controlplane.Eventually;
import dev.belay.core.engine.Fact;
import dev.belay.core.engine.State;
import dev.belay.core.incident.Reason;
import dev.belay.core.release.Revision;
import dev.belay.core.release.Workload;
import dev.belay.core.rule.Limits;
import dev.belay.core.rule.Service;
import dev.belay.port.Baselines;
import dev.belay.sandbox.MemoryBaselines;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BaselineKeeperTest {
  private static final Instant THEN = Instant.parse("2026-11-24T10:00:00Z");
  private static final Workload APP = new Workload("deployment", "shop", "app");
  private static final Duration OFTEN = Duration.ofMillis(5);

  private final Baselines baselines = new MemoryBaselines();
  private final State state = new State();
  private final StateQueries queries = new StateQueries(state);

  private void ran(String digest) {
    Revision revision =
        new Revision("uid-" + digest, 1, digest, List.of(), THEN, 1, Optional.empty());
    state.apply(new Fact.RevisionRan("shop", revision, THEN, Optional.of(THEN)));
  }

  private void judged(String digest, boolean good) {
    state.apply(
        new Fact.RevisionJudged(
            "shop", digest, good, good ? Reason.KNOWN_GOOD : Reason.KNOWN_BAD, THEN));
  }

  private BaselineKeeper keeper() {
    Service shop =
        new Service(
            "shop",
            Optional.of(APP),
            List.of(),
            List.of(),
            List.of(),
            Limits.DEFAULT,
            Service.DEFAULT_SOAK);
    BaselineKeeper keeper = new BaselineKeeper(baselines, queries);
    keeper.follow(List.of(shop));
    return keeper;
  }

  private void awaitWanted(String... digests) {
    Eventually.holds(
        "wanted " + List.of(digests),
        Duration.ofSeconds(10),
        () -> baselines.wanted(APP).equals(Set.of(digests)));
  }

  /** Two more rounds have begun, so that one was whole. */
  private void awaitRounds() {
    int target = queries.asked() + 2;
    while (queries.asked() < target) {
      Thread.onSpinWait();
    }
  }

  @Test
  void wantsWhatProvedGoodAndNothingElse() {
    ran("good");
    judged("good", true);
    ran("bad");
    judged("bad", false);
    ran("unproven");
    try (BaselineKeeper keeper = keeper()) {
      keeper.start(OFTEN);
      awaitWanted("good");
      awaitRounds();
      assertEquals(Set.of("good"), baselines.wanted(APP));
    }
  }

  /** A restart had it keep older ones in the place of the newest. */
  @Test
  void wantsTheNewestOfManyGoodOnesAfterARestartToo() {
    for (int number = 1; number <= 10; number++) {
      ran("v" + number);
      judged("v" + number, true);
    }
    for (int life = 0; life < 2; life++) {
      try (BaselineKeeper keeper = keeper()) {
        keeper.start(OFTEN);
        awaitWanted("v6", "v7", "v8", "v9", "v10");
      }
    }
    // An old one that is shipped anew is the newest.
    ran("v3");
    try (BaselineKeeper keeper = keeper()) {
      keeper.start(OFTEN);
      awaitWanted("v7", "v8", "v9", "v10", "v3");
    }
  }

  @Test
  void forgetsNothingWhereNothingIsKnown() {
    baselines.want(APP, List.of("kept"));
    try (BaselineKeeper keeper = keeper()) {
      keeper.start(OFTEN);
      awaitRounds();
      assertEquals(Set.of("kept"), baselines.wanted(APP));
    }
  }
}
