package dev.belay.journal;

import dev.belay.port.JournalFailed;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Reads the table {@code entry} in order, and vouches for every row by the chain of hashes. */
final class Rows {
  // A page is read whole before any of it is handed out: whoever is slow with it must not hold a
  // read transaction, for the write-ahead log cannot start over while there is one.
  private static final int PAGE_ROWS = 256;
  private static final long PAGE_BYTES = 4 << 20;

  private static final String ADVICE =
      " Belay does not act on a record that it cannot trust. Restore the folder from a backup; or"
          + " set it aside and start with an empty one, which forgets open incidents, holds and"
          + " leases, and look at the cluster first.";

  /** What to do with a row. */
  interface Reader {
    void read(Row row);
  }

  private final Connection connection;
  private final Path file;
  private final HashChain chain = new HashChain();

  Rows(Connection connection, Path file) {
    this.connection = connection;
    this.file = file;
  }

  /**
   * Calls {@code each} with the rows after {@code after}, up to {@code last} where there are so
   * many. Those that are forgotten, even while it reads, are left out.
   *
   * @param after a sequence number; 0 begins with the first row that there is
   * @throws JournalFailed where a row is missing or is not what was written
   */
  void read(long after, long last, Reader each) throws SQLException {
    Anchor reached = reached(after);
    while (true) {
      List<Row> page = page(reached.seq(), last);
      if (page.isEmpty()) {
        return;
      }
      if (page.getFirst().seq() != reached.seq() + 1 && anchor().seq() > reached.seq()) {
        reached = anchor();
        continue;
      }
      for (Row row : page) {
        reached = follow(reached, row);
        each.read(row);
      }
    }
  }

  private Anchor follow(Anchor before, Row row) {
    if (row.seq() != before.seq() + 1) {
      throw damaged(before.seq() + 1, "it is missing, and seq " + row.seq() + " follows");
    }
    if (!Arrays.equals(
        row.hash(), chain.next(before.hash(), row.seq(), row.micros(), row.facts()))) {
      throw damaged(row.seq(), "its hash does not fit; it, or the one before, was changed");
    }
    return new Anchor(row.seq(), row.hash());
  }

  /** The last row's sequence number; 0 where there is none. */
  long last() throws SQLException {
    try (PreparedStatement sql = connection.prepareStatement("SELECT max(seq) FROM entry");
        ResultSet row = sql.executeQuery()) {
      return row.next() ? row.getLong(1) : 0;
    }
  }

  /** Where the rows begin. */
  Anchor anchor() throws SQLException {
    return Anchor.read(connection);
  }

  /**
   * The row, or where the rows begin if it is forgotten.
   *
   * @throws JournalFailed where it is missing
   */
  Anchor reached(long seq) throws SQLException {
    try (PreparedStatement sql =
        connection.prepareStatement("SELECT hash FROM entry WHERE seq = ?")) {
      sql.setLong(1, seq);
      try (ResultSet row = sql.executeQuery()) {
        if (row.next()) {
          return new Anchor(seq, row.getBytes(1));
        }
      }
    }
    Anchor anchor = anchor();
    if (anchor.seq() < seq) {
      throw damaged(seq, "it is missing");
    }
    return anchor;
  }

  private List<Row> page(long after, long last) throws SQLException {
    List<Row> page = new ArrayList<>();
    try (PreparedStatement sql =
        connection.prepareStatement(
            "SELECT seq, at, hash, octet_length(facts), CAST(facts AS BLOB) FROM entry"
                + " WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT ?")) {
      sql.setLong(1, after);
      sql.setLong(2, last);
      sql.setInt(3, PAGE_ROWS);
      try (ResultSet rows = sql.executeQuery()) {
        long bytes = 0;
        while (bytes < PAGE_BYTES && rows.next()) {
          long seq = rows.getLong(1);
          if (rows.getLong(4) > FactCodec.MAX_ENTRY_BYTES) {
            throw damaged(seq, "it is larger than any that Belay writes");
          }
          byte[] facts = rows.getBytes(5);
          bytes += facts.length;
          page.add(new Row(seq, rows.getLong(2), rows.getBytes(3), facts));
        }
      }
    }
    return page;
  }

  /** The sentence for people where what the forgotten rows led to cannot be read. */
  JournalFailed baseless() {
    return new JournalFailed(
        "Journal "
            + file
            + ", table snapshot: none can be read, and the rows that led to them are forgotten."
            + ADVICE);
  }

  /** The same where they are of another version's form. */
  JournalFailed foreign() {
    return new JournalFailed(
        "Journal "
            + file
            + ", table snapshot: all that are left were written by a later version of Belay, and"
            + " the rows that led to them are forgotten. Start that version, or restore the folder"
            + " from a backup that was made before it.");
  }

  /** The sentence for people on a row that cannot be used. */
  JournalFailed damaged(long seq, String how) {
    return new JournalFailed(
        "Journal " + file + ", table entry, seq " + seq + ": " + how + "." + ADVICE);
  }
}
