package dev.belay.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.core.engine.Fact;
import dev.belay.core.engine.State;
import dev.belay.port.Journal.Entry;
import dev.belay.port.JournalFailed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ForgettingTest {
  private static final Retention AN_HOUR = new Retention(Duration.ofHours(1), 64 << 20);
  private static final int BOUND = 8 << 20;

  /** As a row keeps it. */
  private static final Instant START = SampleFacts.START.truncatedTo(ChronoUnit.MICROS);

  @TempDir Path folder;

  private static Entry entry(int second) {
    return new Entry(START.plusSeconds(second), List.of(SampleFacts.alert(second % 50)));
  }

  /** An entry a second, a hundred at a time, and a snapshot after each full hundred. */
  private State write(SqliteJournal journal, int from, int to) {
    State state = journal.recover();
    for (int first = from; first <= to; first += 100) {
      int last = Math.min(first + 99, to);
      List<Entry> hundred =
          IntStream.rangeClosed(first, last).mapToObj(ForgettingTest::entry).toList();
      journal.append(hundred);
      hundred.forEach(entry -> entry.facts().forEach(state::apply));
      if (last % 100 == 0) {
        journal.snapshot(state);
      }
    }
    return state;
  }

  private static List<Integer> seconds(SqliteJournal journal) {
    List<Integer> seconds = new ArrayList<>();
    journal.read(
        Instant.EPOCH,
        Instant.MAX,
        read -> seconds.add((int) Duration.between(START, read.at()).toSeconds()));
    return seconds;
  }

  private long number(String query) {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("belay.db"));
        Statement sql = connection.createStatement();
        ResultSet row = sql.executeQuery(query)) {
      return row.next() ? row.getLong(1) : -1;
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private void change(String statement) {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("belay.db"));
        Statement sql = connection.createStatement()) {
      sql.execute(statement);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private String refusal() {
    try (SqliteJournal journal = SqliteJournal.open(folder, AN_HOUR)) {
      return String.valueOf(assertThrows(JournalFailed.class, journal::recover).getMessage());
    }
  }

  @Test
  void whatIsOlderThanItsTimeIsForgotten() {
    State written;
    try (SqliteJournal journal = SqliteJournal.open(folder, AN_HOUR)) {
      written = write(journal, 1, 5_000);
      List<Integer> kept = seconds(journal);
      assertEquals(1_400, kept.getFirst());
      assertEquals(3_601, kept.size());
    }
    try (SqliteJournal journal = SqliteJournal.open(folder, AN_HOUR)) {
      assertEquals(written.snapshot(), journal.recover().snapshot());
      assertEquals(5_001, journal.append(List.of(entry(5_001))));
    }
  }

  @Test
  void whatTheNextStartNeedsIsKeptHoweverOldItIs() {
    try (SqliteJournal journal = SqliteJournal.open(folder, AN_HOUR)) {
      write(journal, 1, 450);
      journal.append(List.of(entry(90_000)));
      journal.snapshot(journal.recover());
      assertEquals(300, seconds(journal).getFirst());
    }
    change("UPDATE snapshot SET digest = x'00' WHERE seq > 300");
    try (SqliteJournal journal = SqliteJournal.open(folder, AN_HOUR)) {
      assertEquals(50, journal.recover().alerts().size());
    }
  }

  @Test
  void theFileStaysWithinItsBoundHoweverMuchIsWritten() throws IOException {
    Retention little = new Retention(Duration.ofDays(90), BOUND);
    State written = new State();
    try (SqliteJournal journal = SqliteJournal.open(folder, little)) {
      journal.recover();
      for (int i = 0; i < 600; i++) {
        List<Entry> fifty =
            IntStream.range(50 * i, 50 * i + 50).mapToObj(ForgettingTest::entry).toList();
        journal.append(fifty);
        fifty.forEach(entry -> entry.facts().forEach(written::apply));
        if (journal.wantsSnapshot()) {
          journal.snapshot(written);
        }
      }
      int kept = seconds(journal).size();
      assertTrue(kept > 1_000 && kept < 15_000, () -> kept + " of 30000");
    }
    long size = Files.size(folder.resolve("belay.db"));
    assertTrue(size <= BOUND, () -> size + " bytes");
    try (SqliteJournal journal = SqliteJournal.open(folder, little)) {
      assertEquals(written.snapshot(), journal.recover().snapshot());
    }
  }

  @Test
  void whatIsEmptyIsGivenBackToTheFileSystem() {
    try (SqliteJournal journal = SqliteJournal.open(folder, AN_HOUR)) {
      write(journal, 1, 3_000);
      long before = number("PRAGMA page_count");
      journal.append(List.of(entry(90_000)));
      for (int i = 0; i < 5; i++) {
        journal.snapshot(journal.recover());
      }
      long after = number("PRAGMA page_count");
      assertTrue(after < before / 2, () -> before + " pages, then " + after);
    }
  }

  @Test
  void whoeverReadsGoesOnWhileRowsAreForgotten() {
    try (SqliteJournal journal = SqliteJournal.open(folder, AN_HOUR)) {
      State state = write(journal, 1, 3_000);
      List<Integer> read = new ArrayList<>();
      journal.read(
          Instant.EPOCH,
          Instant.MAX,
          each -> {
            if (read.isEmpty()) {
              journal.append(List.of(entry(4_600)));
              journal.snapshot(state);
            }
            read.add((int) Duration.between(START, each.at()).toSeconds());
          });
      assertEquals(1, read.getFirst());
      assertEquals(3_000, read.getLast());
      assertTrue(read.size() < 2_500, () -> read.size() + " rows");
    }
  }

  @Test
  void rowsThatOthersTookAwayAreMissed() {
    try (SqliteJournal journal = SqliteJournal.open(folder, AN_HOUR)) {
      write(journal, 1, 5_000);
    }
    change("DELETE FROM entry WHERE seq < 1500");
    String said = refusal();
    assertTrue(said.contains("seq 1400: it is missing"), said);
  }

  @Test
  void theSnapshotOfAnotherVersionStandsForTheRowsThatAreForgotten() {
    State written;
    try (SqliteJournal journal = SqliteJournal.open(folder, AN_HOUR)) {
      written = write(journal, 1, 5_000);
    }
    // Each is in a form that this version would not write, and vouches for itself.
    try (Connection connection =
        DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("belay.db"))) {
      reform(connection, "\"hold\":null,", "");
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
    try (SqliteJournal journal = SqliteJournal.open(folder, AN_HOUR)) {
      assertEquals(written.snapshot(), journal.recover().snapshot());
    }
  }

  /** Rewrites all snapshots so that they vouch for themselves. */
  private static void reform(Connection connection, String from, String to) throws SQLException {
    HashChain chain = new HashChain();
    try (Statement sql = connection.createStatement();
        ResultSet rows = sql.executeQuery("SELECT seq, at, hash, state FROM snapshot");
        var update =
            connection.prepareStatement(
                "UPDATE snapshot SET state = ?, digest = ? WHERE seq = ?")) {
      while (rows.next()) {
        String state = rows.getString(4).replace(from, to);
        update.setString(1, state);
        update.setBytes(
            2,
            chain.next(
                rows.getBytes(3),
                rows.getLong(1),
                rows.getLong(2),
                state.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        update.setLong(3, rows.getLong(1));
        update.addBatch();
      }
      update.executeBatch();
    }
  }

  @Test
  void whereNoSnapshotCanBeReadTheJournalIsRefused() {
    try (SqliteJournal journal = SqliteJournal.open(folder, AN_HOUR)) {
      write(journal, 1, 5_000);
    }
    change("UPDATE snapshot SET state = '{}'");
    String said = refusal();
    assertTrue(said.contains("table snapshot: none can be read"), said);
    assertTrue(said.contains("Restore the folder from a backup"), said);
  }

  @Test
  void theSnapshotOfALaterVersionIsNoDamage() throws SQLException {
    try (SqliteJournal journal = SqliteJournal.open(folder, AN_HOUR)) {
      write(journal, 1, 5_000);
    }
    try (Connection connection =
        DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("belay.db"))) {
      reform(connection, "\"hold\":null", "\"hold\":null,\"news\":null");
    }
    String said = refusal();
    assertTrue(said.contains("were written by a later version of Belay"), said);
  }

  @Test
  void aCopyThatNoStartCouldBeginWithIsNone() {
    Path copy = folder.resolve("copy");
    try (SqliteJournal journal = SqliteJournal.open(folder, AN_HOUR)) {
      write(journal, 1, 5_000);
      assertEquals(3_601, Backup.write(folder, copy));
      change("UPDATE snapshot SET digest = x'00'");
      Path rotten = folder.resolve("rotten");
      assertThrows(JournalFailed.class, () -> Backup.write(folder, rotten));
      assertFalse(Files.exists(rotten));
    }
  }

  @Test
  void aJournalThatIsAboveItsNewBoundGoesOnAndComesDown() throws IOException {
    try (SqliteJournal journal = SqliteJournal.open(folder, AN_HOUR)) {
      write(journal, 1, 3_000);
    }
    long before = Files.size(folder.resolve("belay.db"));
    Retention half = new Retention(Duration.ofHours(1), before / 2);
    try (SqliteJournal journal = SqliteJournal.open(folder, half)) {
      write(journal, 3_001, 6_000);
      long used = number("PRAGMA page_count") - number("PRAGMA freelist_count");
      assertTrue(used * number("PRAGMA page_size") < before / 2, () -> used + " pages are used");
    }
  }

  @Test
  void whereTheBoundIsMetWhatMayGoIsForgottenAtOnce() {
    Retention little = new Retention(Duration.ofDays(90), BOUND);
    try (SqliteJournal journal = SqliteJournal.open(folder, little)) {
      State state = write(journal, 1, 6_000);
      Fact large = new Fact.Held("ann", "x".repeat(700_000), START);
      for (int second = 6_001; second <= 6_005; second++) {
        journal.append(List.of(new Entry(START.plusSeconds(second), List.of(large))));
      }
      journal.snapshot(state);
      assertTrue(seconds(journal).getFirst() > 1);
    }
  }

  @Test
  void aWriteThatIsLargerThanWhatIsFreeMakesItsRoom() {
    Retention little = new Retention(Duration.ofDays(90), BOUND);
    try (SqliteJournal journal = SqliteJournal.open(folder, little)) {
      write(journal, 1, 5_000);
      Fact large = new Fact.Held("ann", "x".repeat(5 << 20), START);
      journal.append(List.of(new Entry(START.plusSeconds(5_001), List.of(large))));
      assertTrue(seconds(journal).getFirst() > 1);
    }
  }

  @Test
  void aFullJournalWithoutSnapshotsHasRoomForThem() throws IOException {
    try (SqliteJournal journal = SqliteJournal.open(folder, AN_HOUR)) {
      write(journal, 1, 3_000);
    }
    change("DELETE FROM snapshot");
    change("VACUUM");
    Retention full =
        new Retention(Duration.ofHours(1), Files.size(folder.resolve("belay.db")) + 4096);
    try (SqliteJournal journal = SqliteJournal.open(folder, full)) {
      write(journal, 3_001, 6_000);
      assertTrue(seconds(journal).getFirst() > 1);
    }
  }
}
