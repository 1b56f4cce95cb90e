package dev.belay.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.core.engine.Fact;
import dev.belay.core.engine.State;
import dev.belay.port.Journal;
import dev.belay.port.Journal.Entry;
import dev.belay.port.JournalContract;
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
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SqliteJournalTest extends JournalContract {
  private static final int LIMIT = 1 << 20;
  private static final Retention RETENTION = new Retention(Duration.ofHours(1), LIMIT);

  @TempDir Path folder;

  @Override
  protected Journal open() {
    return SqliteJournal.open(folder, RETENTION);
  }

  @Override
  protected Journal reopen(Journal journal) {
    journal.close();
    return open();
  }

  @Override
  protected void fill(Journal journal) {
    sql("CREATE TABLE filler AS SELECT zeroblob(" + LIMIT + ") AS x");
  }

  @Override
  protected void empty(Journal journal) {
    sql("DROP TABLE filler");
  }

  private void sql(String... statements) {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("belay.db"));
        Statement sql = connection.createStatement()) {
      for (String statement : statements) {
        sql.execute(statement);
      }
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private static Entry entry(int number) {
    return new Entry(SampleFacts.START.plusSeconds(number), List.of(SampleFacts.alert(number)));
  }

  /** Ten entries, with snapshots after the 3rd, 6th and 9th; closed. */
  private void write() {
    try (Journal journal = open()) {
      State state = journal.recover();
      for (int i = 1; i <= 10; i++) {
        journal.append(List.of(entry(i)));
        entry(i).facts().forEach(state::apply);
        if (i % 3 == 0) {
          journal.snapshot(state);
        }
      }
    }
  }

  private int alertsRecovered() {
    try (Journal journal = open()) {
      return journal.recover().alerts().size();
    }
  }

  private String refusal() {
    return String.valueOf(
        assertThrows(
                JournalFailed.class,
                () -> {
                  try (Journal journal = open()) {
                    journal.recover();
                  }
                })
            .getMessage());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UPDATE entry SET facts = replace(facts, 'critical', 'criticaL') WHERE seq = 5",
        "UPDATE entry SET at = at + 1 WHERE seq = 5",
        "UPDATE entry SET hash = zeroblob(32) WHERE seq = 5",
        "UPDATE entry SET hash = x'' WHERE seq = 5",
        "UPDATE entry SET hash = (SELECT hash FROM entry WHERE seq = 6) WHERE seq = 5",
        "UPDATE entry SET facts = (SELECT facts FROM entry WHERE seq = 4) WHERE seq = 5",
        "DELETE FROM entry WHERE seq = 5",
        "UPDATE entry SET seq = -seq WHERE seq IN (4, 5)",
      })
  void namesTheRowThatWasTamperedWith(String change) {
    write();
    sql(change);
    String refusal = refusal();
    assertTrue(refusal.contains("belay.db, table entry, seq "), refusal);
    assertTrue(refusal.contains("seq 4:") || refusal.contains("seq 5:"), refusal);
    assertTrue(refusal.contains("Restore the folder from a backup"), refusal);
  }

  @Test
  void noticesEveryFlippedBitOfARow() throws SQLException {
    write();
    byte[] facts = new FactCodec().encode(List.of(SampleFacts.alert(10)));
    Path file = folder.resolve("belay.db");
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file)) {
      Rows rows = new Rows(connection, file);
      connection.setAutoCommit(false);
      for (int bit = 0; bit < facts.length * 8; bit++) {
        byte[] flipped = facts.clone();
        flipped[bit / 8] ^= (byte) (1 << bit % 8);
        try (var sql =
            connection.prepareStatement(
                "UPDATE entry SET facts = CAST(? AS TEXT) WHERE seq = 10")) {
          sql.setBytes(1, flipped);
          sql.executeUpdate();
        }
        assertThrows(JournalFailed.class, () -> rows.read(9, 10, row -> {}));
      }
    }
  }

  @Test
  void noticesRowsCutOffThatASnapshotTookIn() {
    write();
    sql("DELETE FROM entry WHERE seq > 8");
    assertTrue(refusal().contains("seq 9: it is missing"));
  }

  @Test
  void aBadSnapshotIsPassedOver() {
    write();
    for (int seq : new int[] {9, 6, 3}) {
      sql("UPDATE snapshot SET state = replace(state, 'FIRING', 'STALE') WHERE seq = " + seq);
      assertEquals(10, alertsRecovered());
    }
    sql("UPDATE snapshot SET digest = x'00', hash = x'', at = 0");
    assertEquals(10, alertsRecovered());
    sql("DELETE FROM snapshot");
    assertEquals(10, alertsRecovered());
  }

  @Test
  void keepsThreeSnapshots() throws SQLException {
    write();
    try (Journal journal = open()) {
      journal.snapshot(journal.recover());
    }
    assertEquals("[6, 9, 10]", column("SELECT seq FROM snapshot ORDER BY seq"));
  }

  @Test
  void refusesRowsWithFactsThatItDoesNotKnow() {
    write();
    HashChain chain = new HashChain();
    byte[] facts =
        "[{\"fact\":\"FromTheFuture\"}]".getBytes(java.nio.charset.StandardCharsets.UTF_8);
    Path file = folder.resolve("belay.db");
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        var sql =
            connection.prepareStatement("INSERT INTO entry VALUES (11, 7, ?, CAST(? AS TEXT))")) {
      List<byte[]> last = new ArrayList<>();
      new Rows(connection, file).read(9, 10, row -> last.add(row.hash()));
      sql.setBytes(1, chain.next(last.getFirst(), 11, 7, facts));
      sql.setBytes(2, facts);
      sql.executeUpdate();
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
    String refusal = refusal();
    assertTrue(refusal.contains("seq 11: this version of Belay does not understand it"), refusal);
  }

  @Test
  void refusesAFormatThatItDoesNotKnow() {
    write();
    sql("UPDATE meta SET value = 3 WHERE name = 'format'");
    assertTrue(refusal().contains("has format 3, and this version of Belay knows format 2"));
  }

  @Test
  void refusesFilesThatAreNoJournal() throws IOException {
    sql("CREATE TABLE other (x)");
    assertTrue(refusal().contains("not those of a journal"));
    Files.writeString(folder.resolve("belay.db"), "not a database at all".repeat(100));
    String refusal = refusal();
    assertTrue(refusal.contains("is damaged, or no SQLite file"), refusal);
  }

  @Test
  void refusesASecondOpenerOfTheSameProcess() {
    try (Journal first = open()) {
      first.recover();
      String refusal = refusal();
      assertTrue(refusal.contains("already open in this process"), refusal);
    }
    assertEquals(0, alertsRecovered());
  }

  /** Readiness wrote each time it was asked, and what it wrote stayed: 86 MB for 3 000 times. */
  @Test
  void isAskedForReadinessAThousandTimesAndGrowsByNothing() throws IOException {
    try (SqliteJournal journal = SqliteJournal.open(folder)) {
      journal.recover();
      journal.append(List.of(entry(1)));
      long before = size();
      for (int i = 0; i < 1_000; i++) {
        assertTrue(journal.writable());
      }
      assertEquals(before, size());
    }
  }

  @Test
  void whatProbesWriteIsMovedOn() throws IOException {
    try (SqliteJournal journal = SqliteJournal.open(folder)) {
      journal.recover();
      for (int i = 0; i < 400; i++) {
        assertTrue(journal.probed());
      }
      assertTrue(size() < 6 << 20, "400 of them write 11 MB");
    }
  }

  private long size() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.mapToLong(file -> file.toFile().length()).sum();
    }
  }

  @Test
  void staysShutAfterAFailure() {
    try (Journal journal = open()) {
      journal.recover();
      sql("ALTER TABLE entry RENAME TO hidden");
      assertThrows(JournalFailed.class, () -> journal.append(List.of(entry(1))));
      sql("ALTER TABLE hidden RENAME TO entry");
      JournalFailed again =
          assertThrows(JournalFailed.class, () -> journal.append(List.of(entry(1))));
      assertTrue(String.valueOf(again.getMessage()).contains("stays shut"), again.getMessage());
      assertThrows(JournalFailed.class, journal::recover);
      assertFalse(journal.writable());
    }
    assertEquals(0, alertsRecovered());
  }

  @Test
  void theViewShowsFactsToPeople() throws SQLException {
    try (Journal journal = open()) {
      journal.recover();
      Fact held = new Fact.Held("ada", "migration", SampleFacts.START);
      journal.append(List.of(new Entry(SampleFacts.START, List.of(SampleFacts.alert(1), held))));
      assertEquals(
          "[1/0/2026-11-24T10:15:30.123Z/AlertFired/covet, 1/1/2026-11-24T10:15:30.123Z/Held/-]",
          column(
              "SELECT seq || '/' || number || '/' || time || '/' || fact || '/'"
                  + " || coalesce(service, '-') FROM fact"));
      assertEquals("[ada]", column("SELECT body ->> 'person' FROM fact WHERE fact = 'Held'"));
    }
  }

  private String column(String query) throws SQLException {
    List<String> values = new ArrayList<>();
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("belay.db"));
        Statement sql = connection.createStatement();
        ResultSet rows = sql.executeQuery(query)) {
      while (rows.next()) {
        values.add(rows.getString(1));
      }
    }
    return values.toString();
  }

  /** A file cut short was damaged from outside: whatever the size, it is refused or it is whole. */
  @Test
  void aFileCutShortIsNeverTakenForAWholeOne() throws IOException {
    write();
    Path file = folder.resolve("belay.db");
    byte[] whole = Files.readAllBytes(file);
    int refused = 0;
    for (int size = 512; size < whole.length; size += 1_536) {
      Files.write(file, java.util.Arrays.copyOf(whole, size));
      String refusal = refusal();
      assertTrue(refusal.contains("belay.db"), refusal);
      refused++;
    }
    assertTrue(refused > 10, "only " + refused + " sizes were tried");
    Files.write(file, whole);
    assertEquals(10, alertsRecovered());
  }

  /** A write-ahead log cut short loses its end and nothing else: what is left is a beginning. */
  @Test
  void aWriteAheadLogCutShortLeavesABeginning() throws IOException {
    byte[] db;
    byte[] wal;
    try (Journal journal = open()) {
      journal.recover();
      for (int i = 1; i <= 10; i++) {
        journal.append(List.of(entry(i)));
      }
      db = Files.readAllBytes(folder.resolve("belay.db"));
      wal = Files.readAllBytes(folder.resolve("belay.db-wal"));
    }
    int before = -1;
    for (int size = 32; ; size = Math.min(size + 2_003, wal.length)) {
      Files.write(folder.resolve("belay.db"), db);
      Files.write(folder.resolve("belay.db-wal"), java.util.Arrays.copyOf(wal, size));
      Files.deleteIfExists(folder.resolve("belay.db-shm"));
      int found = alertsRecovered();
      assertTrue(found >= before, found + " after " + before);
      before = found;
      if (size == wal.length) {
        break;
      }
    }
    assertEquals(10, before);
  }
}
