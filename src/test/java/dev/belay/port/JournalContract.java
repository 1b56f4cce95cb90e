package dev.belay.port;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.core.engine.Fact;
import dev.belay.core.engine.State;
import dev.belay.journal.FactCodec;
import dev.belay.journal.SampleFacts;
import dev.belay.port.Journal.Entry;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What every journal keeps to. */
public abstract class JournalContract {
  private static final Instant START = SampleFacts.START.truncatedTo(ChronoUnit.MICROS);

  private final FactCodec codec = new FactCodec();

  /** The journal of this test, empty and not yet recovered. */
  protected abstract Journal open();

  /** The same journal after the end of the process; the old object is not used any more. */
  protected abstract Journal reopen(Journal journal);

  /** Leaves no space for the journal. */
  protected abstract void fill(Journal journal);

  /** Gives the space back. */
  protected abstract void empty(Journal journal);

  private static Entry entry(int number, Fact... facts) {
    return new Entry(START.plusMillis(number), List.of(facts));
  }

  private static Entry alert(int number) {
    return entry(number, SampleFacts.alert(number));
  }

  private byte[] bytes(State state) {
    return codec.encode(state.snapshot());
  }

  private byte[] bytesOf(List<Entry> entries) {
    State state = new State();
    entries.forEach(entry -> entry.facts().forEach(state::apply));
    return bytes(state);
  }

  private static List<Entry> read(Journal journal) {
    List<Entry> entries = new ArrayList<>();
    journal.read(Instant.MIN, Instant.MAX, entries::add);
    return entries;
  }

  @Test
  void aNewJournalKnowsNothing() {
    try (Journal journal = open()) {
      assertArrayEquals(bytes(new State()), bytes(journal.recover()));
      assertEquals(List.of(), read(journal));
    }
  }

  @Test
  void keepsEveryKindOfFact() {
    List<Entry> entries = new ArrayList<>();
    for (Fact fact : SampleFacts.all()) {
      entries.add(entry(entries.size(), fact));
    }
    Journal journal = open();
    journal.recover();
    assertEquals(entries.size(), journal.append(entries));
    try (Journal again = reopen(journal)) {
      assertArrayEquals(bytesOf(entries), bytes(again.recover()));
      assertEquals(entries, read(again));
    }
  }

  @Test
  void countsEntriesFromOneAcrossRestarts() {
    Journal journal = open();
    journal.recover();
    assertEquals(2, journal.append(List.of(alert(1), alert(2))));
    assertEquals(2, journal.append(List.of()));
    assertEquals(3, journal.append(List.of(alert(3))));
    try (Journal again = reopen(journal)) {
      again.recover();
      assertEquals(4, again.append(List.of(alert(4))));
    }
  }

  @Test
  void refusesAnEntryWithoutFacts() {
    try (Journal journal = open()) {
      journal.recover();
      List<Entry> entries = List.of(alert(1), entry(2));
      assertThrows(IllegalArgumentException.class, () -> journal.append(entries));
      assertEquals(1, journal.append(List.of(alert(1))));
    }
  }

  @Test
  void recoversFromTheSnapshotAndWhatCameAfterIt() {
    Journal journal = open();
    State state = journal.recover();
    List<Entry> entries = new ArrayList<>();
    for (int i = 1; i <= 50; i++) {
      Entry entry = alert(i);
      journal.append(List.of(entry));
      entry.facts().forEach(state::apply);
      entries.add(entry);
      if (i % 7 == 0) {
        journal.snapshot(state);
      }
    }
    try (Journal again = reopen(journal)) {
      assertArrayEquals(bytes(state), bytes(again.recover()));
      assertEquals(entries, read(again));
      assertEquals(51, again.append(List.of(alert(51))));
    }
  }

  @Test
  void recoversFromASnapshotThatNothingCameAfter() {
    Journal journal = open();
    State state = journal.recover();
    journal.snapshot(state);
    journal.append(List.of(alert(1)));
    alert(1).facts().forEach(state::apply);
    journal.snapshot(state);
    journal.snapshot(state);
    try (Journal again = reopen(journal)) {
      assertArrayEquals(bytes(state), bytes(again.recover()));
      assertEquals(2, again.append(List.of(alert(2))));
    }
  }

  @Test
  void recoversTheSameAgainAndAgain() {
    try (Journal journal = open()) {
      journal.recover();
      List<Entry> entries = List.of(alert(1), alert(2));
      journal.append(entries);
      assertArrayEquals(bytesOf(entries), bytes(journal.recover()));
      assertArrayEquals(bytesOf(entries), bytes(journal.recover()));
      assertEquals(3, journal.append(List.of(alert(3))));
    }
  }

  @Test
  void readsAStretchOfTimeInTheOrderOfWriting() {
    try (Journal journal = open()) {
      journal.recover();
      // A clock that was set back: order is that of writing all the same.
      journal.append(List.of(alert(10), alert(30), alert(20), alert(40), alert(30)));
      List<Entry> entries = new ArrayList<>();
      journal.read(START.plusMillis(20), START.plusMillis(40), entries::add);
      assertEquals(List.of(alert(30), alert(20), alert(30)), entries);
      journal.read(START.plusMillis(41), Instant.MAX, entry -> entries.clear());
      assertEquals(3, entries.size());
    }
  }

  @Test
  void readsMoreThanAPageAndIsReadWhileItIsWritten() {
    try (Journal journal = open()) {
      journal.recover();
      List<Entry> entries = new ArrayList<>();
      for (int i = 0; i < 600; i++) {
        entries.add(alert(i));
      }
      journal.append(entries);
      List<Entry> seen = new ArrayList<>();
      journal.read(
          Instant.MIN,
          Instant.MAX,
          entry -> {
            seen.add(entry);
            if (seen.size() % 100 == 0) {
              journal.append(List.of(alert(1_000 + seen.size())));
            }
          });
      assertEquals(entries, seen);
      assertEquals(606, read(journal).size());
    }
  }

  @Test
  void whenFullItWritesNothingAndGoesOnWhenThereIsSpace() {
    Journal journal = open();
    journal.recover();
    List<Entry> first = List.of(alert(1));
    journal.append(first);
    assertTrue(journal.writable());
    fill(journal);
    List<Entry> many = new ArrayList<>();
    for (int i = 0; i < 5_000; i++) {
      many.add(alert(i));
    }
    assertThrows(JournalFull.class, () -> journal.append(many));
    assertArrayEquals(bytesOf(first), bytes(journal.recover()));
    assertFalse(journal.writable());
    empty(journal);
    assertTrue(journal.writable());
    assertEquals(2, journal.append(List.of(alert(2))));
    try (Journal again = reopen(journal)) {
      assertArrayEquals(bytesOf(List.of(alert(1), alert(2))), bytes(again.recover()));
    }
  }

  @Test
  void isShutAfterClosing() {
    Journal journal = open();
    journal.recover();
    journal.close();
    assertThrows(JournalFailed.class, () -> journal.append(List.of(alert(1))));
    assertFalse(journal.writable());
  }
}
