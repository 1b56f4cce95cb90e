package dev.belay.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * The whole daemon's core in a world that goes wrong. {@code -Dbelay.sim.seed=N} replays one seed,
 * {@code -Dbelay.sim.seeds=N} runs so many.
 */
class SimulatorTest {
  private static final int SEEDS = 200;

  @Test
  void keepsItsGuaranteesWhateverHappens() {
    Optional<Long> one = Optional.ofNullable(Long.getLong("belay.sim.seed"));
    if (one.isPresent()) {
      Simulation.Result result = Simulation.run(one.get(), Bug.NONE, new Coverage());
      System.out.println(result.report());
      assertTrue(result.violation().isEmpty(), result::report);
      return;
    }
    int seeds = Integer.getInteger("belay.sim.seeds", SEEDS);
    Coverage coverage = new Coverage();
    List<String> broken = new ArrayList<>();
    LongStream.rangeClosed(1, seeds)
        .parallel()
        .forEach(
            seed -> {
              Coverage own = new Coverage();
              Simulation.Result first = Simulation.run(seed, Bug.NONE, own);
              Simulation.Result second = Simulation.run(seed, Bug.NONE, new Coverage());
              synchronized (coverage) {
                coverage.add(own);
                if (first.violation().isPresent()) {
                  broken.add(first.report());
                } else if (!first.trace().equals(second.trace())) {
                  broken.add("seed " + seed + " does not repeat itself");
                }
              }
            });
    System.out.println(coverage.table());
    if (!broken.isEmpty()) {
      fail(broken.size() + " of " + seeds + " seeds failed; the first:\n" + broken.getFirst());
    }
    assertEquals(List.of(), MUST_OCCUR.stream().filter(it -> coverage.of(it) == 0).toList());
  }

  /** What a run of all seeds must have come across, or it proves little. */
  private static final List<String> MUST_OCCUR =
      List.of(
          "effect rollback",
          "effect flags",
          "effect rate_limit",
          "effect restore_flags",
          "effect restore_rate_limit",
          "fault crash between decide and append",
          "fault crash between append and ack",
          "fault crash between ack and release",
          "fault crash between two commands",
          "fault crash in recovery",
          "fault change answer lost",
          "fault change request lost",
          "fault change late",
          "fault journal full",
          "fault storm",
          "fault metrics blind",
          "fault crash loop",
          "fault channel down",
          "fault notice in vain",
          "fault notice's answer lost",
          "fact NoticesTriedAgain",
          "fact ServiceFound",
          "fact ServiceLost",
          "fact ServiceNarrowed",
          "reason WORKLOAD_HELD",
          "fault search in vain",
          "fault metrics unread",
          "fault hold",
          "fault alerts cut off",
          "fault watchdog cut off",
          "fault cluster away",
          "input ALERTS silent",
          "input ALERTS heard of",
          "input CLUSTER silent",
          "input CLUSTER heard of",
          "reason INPUT_SILENT",
          "fault records again after a crash",
          "fault records again after a rebalance",
          "fault a person rolls back",
          "edge end -> OBSERVING",
          "edge OBSERVING -> PROPOSED",
          "edge OBSERVING -> COUNTDOWN",
          "edge OBSERVING -> PREFLIGHT",
          "edge COUNTDOWN -> PREFLIGHT",
          "edge PROPOSED -> PREFLIGHT",
          "edge PREFLIGHT -> PERMIT",
          "edge PERMIT -> ACTING",
          "edge ACTING -> SETTLING",
          "edge ACTING -> INSPECTING",
          "edge INSPECTING -> SETTLING",
          "edge INSPECTING -> PREFLIGHT",
          "edge SETTLING -> VERIFYING",
          "edge VERIFYING -> OBSERVING",
          "edge VERIFYING -> end",
          "reason ANSWER_TOO_LATE",
          "reason APPROVED",
          "reason BUDGET_SPENT",
          "reason COOLDOWN",
          "reason CRASH_LOOP",
          "reason HELD",
          "reason KNOWN_BAD",
          "reason KNOWN_GOOD",
          "reason LEASE_ENDED",
          "reason MODE_ACT",
          "reason MODE_OBSERVE",
          "reason NO_BASELINE",
          "reason NO_RELEASE",
          "reason OLDER_THAN_RELEASE",
          "reason PROPOSAL_EXPIRED",
          "reason RECORD_UNREADABLE",
          "reason RECOVERED",
          "reason RELEASE_TO_BLAME",
          "reason RELEASE_UNJUDGED",
          "reason RESOLVED",
          "reason RESTORED",
          "reason SIGNAL_LOST",
          "reason STEP_DID_NOT_HELP",
          "reason STORM",
          "reason SUPERSEDED",
          "reason VERIFIED",
          "reason VETOED",
          "reason VETO_WINDOW_ELAPSED");
}
