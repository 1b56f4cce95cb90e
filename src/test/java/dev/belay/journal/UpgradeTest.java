package dev.belay.journal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.core.engine.Fact;
import dev.belay.core.engine.State;
import dev.belay.port.Journal.Entry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code belay-1.db} was written by a Belay that knew format 1: every sample fact, an entry each.
 */
class UpgradeTest {
  @TempDir Path folder;

  @Test
  void aJournalOfFormatOneIsTakenOver() throws IOException {
    try (InputStream in = UpgradeTest.class.getResourceAsStream("belay-1.db")) {
      Files.copy(Objects.requireNonNull(in), folder.resolve("belay.db"));
    }
    FactCodec codec = new FactCodec();
    List<Fact> facts = new ArrayList<>();
    SqliteJournal.browse(folder, entry -> facts.addAll(entry.facts()));
    int entries = facts.size();
    assertTrue(SampleFacts.all().containsAll(facts), "they are read as they were meant");
    State expected = new State();
    facts.forEach(expected::apply);
    Retention anHour = new Retention(Duration.ofHours(1), 64 << 20);
    try (SqliteJournal journal = SqliteJournal.open(folder, anHour)) {
      State recovered = journal.recover();
      assertArrayEquals(codec.encode(expected.snapshot()), codec.encode(recovered.snapshot()));
      Entry later =
          new Entry(SampleFacts.START.plus(Duration.ofDays(1)), List.of(SampleFacts.alert(7)));
      assertEquals(entries + 1, journal.append(List.of(later)));
      later.facts().forEach(recovered::apply);
      for (int second = 1; second <= Snapshots.KEPT; second++) {
        journal.append(List.of(new Entry(later.at().plusSeconds(second), later.facts())));
        later.facts().forEach(recovered::apply);
        journal.snapshot(recovered);
      }
    }
    try (SqliteJournal journal = SqliteJournal.open(folder, anHour)) {
      journal.recover();
      int[] left = {0};
      SqliteJournal.browse(folder, _ -> left[0]++);
      assertEquals(
          1 + Snapshots.KEPT,
          left[0],
          "what is a day old is forgotten where snapshots stand for it");
    }
  }
}
