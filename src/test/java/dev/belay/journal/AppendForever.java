package dev.belay.journal;

import dev.belay.core.engine.State;
import dev.belay.port.Journal.Entry;
import dev.belay.port.JournalFailed;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/**
 * A process that appends until it is killed, and prints each sequence number once it is durable.
 * What an entry holds follows from its number, so that the survivors can be checked.
 */
final class AppendForever {
  private static final int LARGEST_BATCH = 9;
  private static final int SNAPSHOT_EVERY = 50;

  private AppendForever() {}

  /** So many of these are kept. */
  static final Retention RETENTION = new Retention(Duration.ofHours(1), 64 << 20);

  private static final Instant START = Micros.instant(Micros.of(SampleFacts.START));
  private static final Duration APART = Duration.ofSeconds(10);

  static Entry entry(long seq) {
    int number = Math.toIntExact(seq);
    return new Entry(START.plus(APART.multipliedBy(seq)), List.of(SampleFacts.alert(number % 500)));
  }

  static long seq(Entry entry) {
    return Duration.between(START, entry.at()).dividedBy(APART);
  }

  // What stands on the standard output is this process's only answer.
  @SuppressWarnings("SystemOut")
  public static void main(String[] args) {
    try (SqliteJournal journal = SqliteJournal.open(Path.of(args[0]), RETENTION)) {
      State state = journal.recover();
      List<Entry> there = new ArrayList<>();
      journal.read(Instant.MIN, Instant.MAX, there::add);
      long last = there.isEmpty() ? 0 : seq(there.getLast());
      for (int turn = 0; ; turn++) {
        long next = last + 1;
        List<Entry> entries =
            LongStream.range(next, next + 1 + turn % LARGEST_BATCH)
                .mapToObj(AppendForever::entry)
                .toList();
        last = journal.append(entries);
        System.out.println(last);
        entries.forEach(entry -> entry.facts().forEach(state::apply));
        if (turn % SNAPSHOT_EVERY == 0) {
          journal.snapshot(state);
        }
      }
    } catch (JournalFailed e) {
      System.out.println(e.getMessage());
    }
  }
}
