package dev.belay.journal;

import dev.belay.core.engine.StateSnapshot;
import dev.belay.port.JournalFailed;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Reads and writes the table {@code snapshot}. */
final class Snapshots {
  /** The newest, and two to fall back to. */
  static final int KEPT = 3;

  /**
   * A snapshot that was read in full and vouched for.
   *
   * @param seq the last row that it takes in
   * @param hash that row's hash in hexadecimal
   */
  record Snapshot(long seq, String hash, StateSnapshot state) {}

  private final Connection connection;
  private final FactCodec codec;
  private final HashChain chain = new HashChain();

  Snapshots(Connection connection, FactCodec codec) {
    this.connection = connection;
    this.codec = codec;
  }

  /**
   * What a start begins with; empty where it begins with the first row.
   *
   * @throws JournalFailed where rows are forgotten and nothing that can be read stands for them, or
   *     the rows are not those that a snapshot took in
   */
  Optional<Snapshot> base(Rows rows) throws SQLException {
    long reach = reach();
    if (reach > rows.last()) {
      throw rows.damaged(reach, "it is missing, though a snapshot takes it in");
    }
    long forgotten = rows.anchor().seq();
    Optional<Snapshot> newest = newest();
    Optional<Snapshot> base = newest.isPresent() || forgotten == 0 ? newest : eldest();
    if (base.isEmpty()) {
      if (forgotten > 0) {
        throw reach > 0 ? rows.foreign() : rows.baseless();
      }
      return base;
    }
    long seq = base.get().seq();
    if (seq < forgotten) {
      throw rows.damaged(seq + 1, "it is missing");
    }
    if (!HexFormat.of().formatHex(rows.reached(seq).hash()).equals(base.get().hash())) {
      throw rows.damaged(seq, "it is not the one that the snapshot took in");
    }
    return base;
  }

  /**
   * The newest that is of just this version's form. Others are passed over: it only saves time, and
   * the rows say the same.
   */
  private Optional<Snapshot> newest() throws SQLException {
    return first(numbers(), codec::decodeSnapshot);
  }

  /**
   * The eldest that can be read, for where the rows before it were forgotten: the rows after it say
   * more than what another version made of them.
   */
  private Optional<Snapshot> eldest() throws SQLException {
    return first(numbers().reversed(), codec::decodeOlderSnapshot);
  }

  private Optional<Snapshot> first(List<Long> numbers, Function<byte[], StateSnapshot> decode)
      throws SQLException {
    for (long seq : numbers) {
      Optional<Snapshot> snapshot = sound(seq).flatMap(row -> decode(seq, row, decode));
      if (snapshot.isPresent()) {
        return snapshot;
      }
    }
    return Optional.empty();
  }

  /**
   * The last row that any snapshot takes in, be it one that another version of Belay wrote; 0 where
   * there is no sound one.
   */
  private long reach() throws SQLException {
    for (long seq : numbers()) {
      if (sound(seq).isPresent()) {
        return seq;
      }
    }
    return 0;
  }

  /** Keeps one in the place of the eldest. Within a transaction of the caller. */
  void write(Row last, byte[] state) throws SQLException {
    // First what goes: there may be no place for one more.
    try (PreparedStatement sql =
        connection.prepareStatement(
            "DELETE FROM snapshot WHERE seq NOT IN"
                + " (SELECT seq FROM snapshot WHERE seq < ? ORDER BY seq DESC LIMIT ?)")) {
      sql.setLong(1, last.seq());
      sql.setInt(2, KEPT - 1);
      sql.executeUpdate();
    }
    try (PreparedStatement sql =
        connection.prepareStatement(
            "INSERT INTO snapshot (seq, at, hash, digest, state)"
                + " VALUES (?, ?, ?, ?, CAST(? AS TEXT))")) {
      sql.setLong(1, last.seq());
      sql.setLong(2, last.micros());
      sql.setBytes(3, last.hash());
      sql.setBytes(4, chain.next(last.hash(), last.seq(), last.micros(), state));
      sql.setBytes(5, state);
      sql.executeUpdate();
    }
  }

  private List<Long> numbers() throws SQLException {
    List<Long> numbers = new ArrayList<>();
    try (PreparedStatement sql =
            connection.prepareStatement(
                "SELECT seq FROM snapshot WHERE octet_length(state) <= ? ORDER BY seq DESC");
        ResultSet rows = bound(sql, FactCodec.MAX_SNAPSHOT_BYTES)) {
      while (rows.next()) {
        numbers.add(rows.getLong(1));
      }
    }
    return numbers;
  }

  private Optional<Row> sound(long seq) throws SQLException {
    try (PreparedStatement sql =
            connection.prepareStatement(
                "SELECT at, hash, digest, CAST(state AS BLOB) FROM snapshot WHERE seq = ?");
        ResultSet row = bound(sql, seq)) {
      if (!row.next()) {
        return Optional.empty();
      }
      Row found = new Row(seq, row.getLong(1), row.getBytes(2), row.getBytes(4));
      byte[] digest = chain.next(found.hash(), seq, found.micros(), found.facts());
      return Arrays.equals(digest, row.getBytes(3)) ? Optional.of(found) : Optional.empty();
    }
  }

  private static Optional<Snapshot> decode(
      long seq, Row row, Function<byte[], StateSnapshot> decode) {
    try {
      String hash = HexFormat.of().formatHex(row.hash());
      return Optional.of(new Snapshot(seq, hash, decode.apply(row.facts())));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static ResultSet bound(PreparedStatement sql, long value) throws SQLException {
    sql.setLong(1, value);
    return sql.executeQuery();
  }
}
