package dev.belay.journal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes the oldest rows of the table {@code entry}, a portion at a time, so that nobody waits for
 * it long. What stands before the first that is left is kept in {@code meta}, for the chain begins
 * there. Rows from the eldest of the three snapshots on stay: the next start needs them.
 */
final class Forgetting {
  private static final Logger LOG = LoggerFactory.getLogger(Forgetting.class);

  /** The journal is kept below this share of its bound, so that writing seldom meets it. */
  private static final double FULL = 0.75;

  /** Where so large a share of the file is empty, some of it is given back to the file system. */
  private static final double SPARE = 0.25;

  private static final int PAGES_AT_ONCE = 1_024;

  private final Connection connection;
  private final Retention retention;
  private boolean warned;

  Forgetting(Connection connection, Retention retention) {
    this.connection = connection;
    this.retention = retention;
  }

  /**
   * Forgets what there is no place or no time for any more. Within a transaction of the caller.
   *
   * @param now the last row's moment, in microseconds since 1970
   * @param bytes how much is forgotten at once, roughly
   * @param needed how much place there must be besides
   * @return whether anything was
   */
  boolean forget(long now, long bytes, long needed) throws SQLException {
    long old = now - TimeUnit.MICROSECONDS.convert(retention.time());
    long before = crowded(needed) ? Long.MAX_VALUE : old;
    Optional<Anchor> upTo = Optional.empty();
    long last = Long.MAX_VALUE;
    long sum = 0;
    // Only what goes is looked at, and one row more.
    try (PreparedStatement sql =
            connection.prepareStatement(
                "SELECT seq, hash, at, octet_length(facts) FROM entry WHERE seq <"
                    + " (SELECT min(seq) FROM snapshot HAVING count(*) >= "
                    + Snapshots.KEPT
                    + ") ORDER BY seq");
        ResultSet row = sql.executeQuery()) {
      while (sum < bytes && row.next() && row.getLong(3) < before) {
        upTo = Optional.of(new Anchor(row.getLong(1), row.getBytes(2)));
        last = row.getLong(3);
        sum += row.getLong(4);
      }
    }
    if (upTo.isPresent()) {
      forget(upTo.get());
      warn(last >= old);
    }
    return upTo.isPresent();
  }

  private void forget(Anchor upTo) throws SQLException {
    upTo.write(connection);
    try (PreparedStatement sql = connection.prepareStatement("DELETE FROM entry WHERE seq <= ?")) {
      sql.setLong(1, upTo.seq());
      sql.executeUpdate();
    }
  }

  private void warn(boolean early) {
    if (early && !warned) {
      LOG.warn(
          "the journal nears its bound of {} bytes, so entries are forgotten before they are {}"
              + " old; allow it more under retention.size",
          retention.bytes(),
          retention.time());
      warned = true;
    }
  }

  private boolean crowded(long needed) throws SQLException {
    try (Statement sql = connection.createStatement()) {
      long used = number(sql, "page_count") - number(sql, "freelist_count");
      return used * number(sql, "page_size") + needed > FULL * retention.bytes();
    }
  }

  /** Gives some of what is empty back to the file system. Not within a transaction. */
  void giveBack() throws SQLException {
    try (Statement sql = connection.createStatement()) {
      if (number(sql, "freelist_count") > SPARE * number(sql, "page_count")) {
        // execute() would go on to the first page only.
        sql.executeUpdate("PRAGMA incremental_vacuum(" + PAGES_AT_ONCE + ")");
      }
    }
  }

  private static long number(Statement sql, String pragma) throws SQLException {
    try (ResultSet row = sql.executeQuery("PRAGMA " + pragma)) {
      return row.next() ? row.getLong(1) : 0;
    }
  }
}
