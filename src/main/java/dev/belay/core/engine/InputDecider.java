package dev.belay.core.engine;

import dev.belay.core.incident.Evidence;
import dev.belay.core.incident.Reason;
import java.util.List;

/**
 * Sees to it that every record of an input has exactly one effect, however often it is delivered:
 * how far the input was read becomes durable together with what was made of it.
 */
final class InputDecider {
  private final ReleaseDecider releases;

  InputDecider(ReleaseDecider releases) {
    this.releases = releases;
  }

  void accept(Turn turn, Event.RecordsRead read) {
    long known = turn.state.position(read.input());
    List<InputRecord> fresh =
        read.records().stream().filter(record -> record.offset() > known).toList();
    for (InputRecord record : fresh) {
      switch (record) {
        case InputRecord.Announced(_, var release) -> releases.accept(turn, release);
        case InputRecord.Unreadable unreadable -> reject(turn, unreadable);
      }
    }
    if (!fresh.isEmpty()) {
      turn.record(
          new Fact.InputRead(new Position(read.input(), fresh.getLast().offset()), turn.now));
    }
  }

  private static void reject(Turn turn, InputRecord.Unreadable record) {
    turn.record(
        new Fact.Decided(
            "",
            record.name(),
            "",
            false,
            Reason.RECORD_UNREADABLE,
            List.of(new Evidence("record", record.name()), new Evidence("why", record.why())),
            turn.now));
  }
}
