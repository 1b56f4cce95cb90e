package dev.belay.journal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Where the chain of rows begins: behind the last row that was forgotten, or at the beginning. */
final class Anchor {
  private final long seq;
  private final byte[] hash;

  Anchor(long seq, byte[] hash) {
    this.seq = seq;
    this.hash = hash;
  }

  /** That row's number; 0 at the beginning. */
  long seq() {
    return seq;
  }

  /** That row's hash, to which the next row's is tied. */
  byte[] hash() {
    return hash;
  }

  static Anchor read(Connection connection) throws SQLException {
    try (PreparedStatement sql =
            connection.prepareStatement(
                "SELECT s.value, h.value FROM meta AS s, meta AS h"
                    + " WHERE s.name = 'forgotten_seq' AND h.name = 'forgotten_hash'");
        ResultSet row = sql.executeQuery()) {
      return row.next()
          ? new Anchor(row.getLong(1), row.getBytes(2))
          : new Anchor(0, HashChain.beginning());
    }
  }

  /** Within a transaction of the caller. */
  void write(Connection connection) throws SQLException {
    try (PreparedStatement sql =
        connection.prepareStatement(
            "INSERT OR REPLACE INTO meta VALUES ('forgotten_seq', ?), ('forgotten_hash', ?)")) {
      sql.setLong(1, seq);
      sql.setBytes(2, hash);
      sql.executeUpdate();
    }
  }
}
