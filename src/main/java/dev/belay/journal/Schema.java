package dev.belay.journal;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * The tables. People may read them with any SQLite client while Belay runs:
 *
 * <pre>{@code
 * sqlite3 -readonly belay.db "SELECT time, fact, service, body FROM fact ORDER BY seq DESC LIMIT 20"
 * }</pre>
 */
final class Schema {
  /** The form of the tables and of the facts in them. */
  static final int FORMAT = 2;

  private static final List<String> TABLES =
      List.of(
          "CREATE TABLE meta (name TEXT PRIMARY KEY, value ANY NOT NULL) STRICT",
          // The hash stands before the facts so that it is found without reading them.
          """
          CREATE TABLE entry (
            seq INTEGER PRIMARY KEY,
            at INTEGER NOT NULL,
            hash BLOB NOT NULL,
            facts TEXT NOT NULL
          ) STRICT\
          """,
          "CREATE INDEX entry_at ON entry (at)",
          """
          CREATE TABLE snapshot (
            seq INTEGER PRIMARY KEY,
            at INTEGER NOT NULL,
            hash BLOB NOT NULL,
            digest BLOB NOT NULL,
            state TEXT NOT NULL
          ) STRICT\
          """,
          """
          CREATE VIEW fact AS
          SELECT
            entry.seq AS seq,
            item.key AS number,
            strftime('%Y-%m-%dT%H:%M:%fZ', entry.at / 1000000.0, 'unixepoch') AS time,
            item.value ->> '$.fact' AS fact,
            coalesce(item.value ->> '$.service', item.value ->> '$.episode.services[0]') AS service,
            item.value AS body
          FROM entry, json_each(entry.facts) AS item\
          """,
          "INSERT INTO meta VALUES ('format', " + FORMAT + ")");

  private Schema() {}

  /**
   * Makes the tables where there are none, and brings those of an earlier format up to date.
   *
   * @return whether it made them
   * @throws Unusable where there are tables that are not, or not yet, known
   */
  static boolean prepare(Connection connection) throws SQLException, Unusable {
    try (Statement sql = connection.createStatement()) {
      boolean fresh = count(sql, "SELECT count(*) FROM sqlite_schema") == 0;
      if (fresh) {
        sql.execute("BEGIN IMMEDIATE");
        for (String table : TABLES) {
          sql.execute(table);
        }
        sql.execute("COMMIT");
        return true;
      }
      if (count(sql, "SELECT count(*) FROM sqlite_schema WHERE name = 'meta'") == 0) {
        throw new Unusable(
            "holds tables, but not those of a journal. Give Belay a folder of its own.");
      }
      long format = count(sql, "SELECT coalesce(max(value), 0) FROM meta WHERE name = 'format'");
      if (format == 1) {
        upgrade(sql);
        return false;
      }
      if (format != FORMAT) {
        throw new Unusable(
            "has format "
                + format
                + ", and this version of Belay knows format "
                + FORMAT
                + ". Start the version that wrote it, or a later one.");
      }
      return false;
    }
  }

  /** From format 1, in which nothing was forgotten: its snapshots are none that last. */
  private static void upgrade(Statement sql) throws SQLException {
    sql.execute("BEGIN IMMEDIATE");
    sql.execute("DELETE FROM snapshot");
    sql.execute("UPDATE meta SET value = " + FORMAT + " WHERE name = 'format'");
    sql.execute("COMMIT");
  }

  private static long count(Statement sql, String query) throws SQLException {
    try (ResultSet row = sql.executeQuery(query)) {
      return row.next() ? row.getLong(1) : 0;
    }
  }

  /** The file is sound, but not one for this program. */
  static final class Unusable extends Exception {
    private static final long serialVersionUID = 1L;

    Unusable(String what) {
      super(what);
    }
  }
}
