package dev.belay.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.belay.port.Journal;
import dev.belay.port.Journal.Entry;
import dev.belay.port.JournalContract;
import dev.belay.port.JournalFailed;
import java.util.List;
import org.junit.jupiter.api.Test;

class MemoryJournalTest extends JournalContract {
  private static final List<Entry> ENTRIES =
      List.of(new Entry(SampleFacts.START, List.of(SampleFacts.alert(1))));

  @Override
  protected Journal open() {
    return new MemoryJournal();
  }

  @Override
  protected Journal reopen(Journal journal) {
    return ((MemoryJournal) journal).afterCrash();
  }

  @Override
  protected void fill(Journal journal) {
    ((MemoryJournal) journal).full(true);
  }

  @Override
  protected void empty(Journal journal) {
    ((MemoryJournal) journal).full(false);
  }

  @Test
  void aCrashedAppendIsThereInFullOrNotAtAll() {
    for (MemoryJournal.Fate fate : MemoryJournal.Fate.values()) {
      MemoryJournal journal = new MemoryJournal();
      journal.recover();
      journal.crashAtNextAppend(fate);
      assertThrows(JournalFailed.class, () -> journal.append(ENTRIES));
      assertThrows(JournalFailed.class, () -> journal.append(ENTRIES));
      int alerts = journal.afterCrash().recover().alerts().size();
      assertEquals(fate == MemoryJournal.Fate.KEPT ? 1 : 0, alerts);
    }
  }

  @Test
  void aLyingDiskLosesWhatItAcknowledged() {
    MemoryJournal journal = new MemoryJournal();
    journal.recover();
    journal.lying(true);
    assertEquals(1, journal.append(ENTRIES));
    assertEquals(0, journal.afterCrash().recover().alerts().size());
  }
}
