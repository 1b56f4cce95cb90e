package dev.belay.sim;

import dev.belay.core.engine.Event;
import dev.belay.core.engine.InputRecord;
import dev.belay.core.release.Release;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A partition that the daemon reads its releases from. What was committed lags what was done; a
 * crash and a rebalance go back to it, and deliver again what lies between.
 */
final class Input {
  static final String NAME = "kafka/simulated/0";
  static final Duration POLL = Duration.ofSeconds(5);
  static final Duration COMMIT = Duration.ofSeconds(40);
  private static final int AT_ONCE = 4;

  private final Dice dice;
  private final Node node;
  private final Oracle oracle;
  private final Coverage coverage;
  private final Bug bug;
  private final List<InputRecord> records = new ArrayList<>();
  private int next;
  private int done;
  private int committed;
  private int epoch;
  private int delivery;
  private boolean underWay;

  Input(Dice dice, Node node, Oracle oracle, Coverage coverage, Bug bug) {
    this.dice = dice;
    this.node = node;
    this.oracle = oracle;
    this.coverage = coverage;
    this.bug = bug;
  }

  void announce(Release release) {
    records.add(new InputRecord.Announced(records.size(), release));
  }

  /** Something that nobody can read. */
  void poison() {
    int offset = records.size();
    records.add(new InputRecord.Unreadable(offset, "releases/0/" + offset, "no JSON"));
  }

  List<InputRecord> records() {
    return records;
  }

  /** Offers what comes next, one delivery at a time. */
  void poll() {
    if (epoch != node.epoch()) {
      epoch = node.epoch();
      goBack("records again after a crash");
    }
    if (!node.up() || underWay || next >= records.size()) {
      return;
    }
    int to = Math.min(records.size(), next + 1 + dice.below(AT_ONCE));
    int born = ++delivery;
    underWay = true;
    if (bug == Bug.COMMIT_BEFORE_TAKEN) {
      committed = to;
    }
    Event event = new Event.RecordsRead(NAME, List.copyOf(records.subList(next, to)));
    node.offer(
        event,
        () -> {
          oracle.acked(event);
          if (born == delivery) {
            underWay = false;
            next = to;
            done = to;
          }
        },
        () -> {
          if (born == delivery) {
            underWay = false;
          }
        });
  }

  void commit() {
    committed = Math.max(committed, done);
  }

  /** The partition went to another member and came back. */
  void rebalance() {
    goBack("records again after a rebalance");
  }

  private void goBack(String why) {
    if (committed < done) {
      coverage.fault(why);
    }
    delivery++;
    underWay = false;
    next = committed;
    done = committed;
  }
}
