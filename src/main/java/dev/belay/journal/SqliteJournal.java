package dev.belay.journal;

import dev.belay.core.engine.State;
import dev.belay.port.Journal;
import dev.belay.port.JournalFailed;
import dev.belay.port.JournalFull;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * The journal as an SQLite file, {@code belay.db}, in a folder of its own. {@link Schema} tells how
 * to look into it.
 *
 * <p><b>What is promised.</b> When {@link #append} returns, the entries are on the disk: they
 * survive the end of the process, however it ends, and the loss of power, as far as the disk keeps
 * what it says it has synced (write-ahead log, {@code synchronous=FULL}, one sync for all entries
 * of a call). Where {@link #append} did not return, all of its entries are there at the next start,
 * or none. The end of a write-ahead log that a crash tore is dropped by SQLite; it was never
 * acknowledged.
 *
 * <p><b>What is checked.</b> {@link #recover} reads every row that is kept and recomputes the chain
 * of SHA-256 hashes over them, so no row can be changed, lost or moved in between without being
 * noticed, and asks SQLite whether the file is sound. That takes two to six seconds of one
 * processor for a gigabyte, the more the shorter the rows. Only rows after the snapshot are
 * decoded, which takes about ten times as long. What cannot be noticed: a folder put back to an
 * earlier state as a whole, the newest rows cut off from behind the last snapshot (a write-ahead
 * log that was deleted, say), and a missing file, which is a new journal.
 *
 * <p><b>Failure.</b> Where there is no space the transaction is undone, {@link JournalFull} is
 * thrown and the journal goes on when there is space. After any other failure, a failed sync before
 * all, it is not known what the disk holds, and the kernel may forget what it could not write and
 * then report success: everything fails from then on, until a new process has recovered.
 *
 * <p><b>What is forgotten.</b> With every checkpoint some of what {@link Retention} leaves no place
 * or no time for: twice as much as was written in between, so that it gets ahead.
 *
 * <p><b>Checkpoints</b> (copying the write-ahead log into the file) are made here rather than by
 * SQLite, which would ignore their failure: after every {@value #CHECKPOINT_ENTRIES} entries or 4
 * MiB of them, so that the commit that pays for it waits for at most some ten megabytes to be
 * copied, tens of milliseconds on an ordinary disk. {@link #read} takes rows in small groups
 * without a lasting transaction, so slow readers do not keep the log from starting over.
 */
public final class SqliteJournal implements Journal {
  static final String FILE = "belay.db";
  private static final int BUSY_MILLIS = 2_000;
  private static final int CHECKPOINT_ENTRIES = 1_024;
  private static final long CHECKPOINT_BYTES = 4 << 20;

  /** Of what is forgotten at once, more than is written from one checkpoint to the next. */
  private static final long FORGOTTEN_AT_LEAST = 1 << 20;

  private static final long FORGOTTEN_AT_MOST = 16 << 20;

  /** After so much, or this part of the bound where that is less, there is to be a snapshot. */
  private static final long SNAPSHOT_BYTES = 128 << 20;

  private static final int SNAPSHOT_PART = 16;

  /**
   * A file from which nothing may go yet, or too much has to, may grow by this part of its bound.
   */
  private static final int ROOM_PART = 4;

  private static final int PROBE_BYTES = 16 << 10;

  /** What went through so lately is not asked for again. */
  private static final long PROBE_EVERY_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final Path file;
  private final FolderLock lock;
  private final Connection connection;
  private final FactCodec codec = new FactCodec();
  private final HashChain chain = new HashChain();
  private final Retention retention;
  private final Forgetting forgetting;

  /** Guards all below and the connection: the engine writes, readiness probes. */
  private final ReentrantLock writing = new ReentrantLock();

  private @Nullable Row last;
  private boolean verified;
  private @Nullable JournalFailed failure;
  private long bytesSinceCheckpoint;
  private int entriesSinceCheckpoint;
  private long bytesSinceSnapshot;

  /** Whether the last write went through, and when that was, in the JVM's nanoseconds. */
  private boolean wrote;

  private long wroteAt;

  private SqliteJournal(Path file, FolderLock lock, Connection connection, Retention retention) {
    this.file = file;
    this.lock = lock;
    this.connection = connection;
    this.retention = retention;
    this.forgetting = new Forgetting(connection, retention);
  }

  /**
   * Opens the journal in a folder, made where it is missing.
   *
   * @throws JournalFailed where another process has it, or it cannot be used
   */
  public static SqliteJournal open(Path folder) {
    return open(folder, Retention.DEFAULT);
  }

  /**
   * The same, with so much of the past.
   *
   * @param retention {@link JournalFull} where nothing can be forgotten and there is no place for
   *     more
   * @throws JournalFailed where another process has it, or it cannot be used
   */
  public static SqliteJournal open(Path folder, Retention retention) {
    Path file = folder.resolve(FILE);
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new JournalFailed("The folder " + folder + " cannot be made: " + e + ".", e);
    }
    FolderLock lock = FolderLock.take(folder);
    Connection connection = null;
    boolean opened = false;
    try {
      NativeFolder.use(folder);
      connection = connect(file, false);
      prepare(connection, folder, retention.bytes());
      opened = true;
      return new SqliteJournal(file, lock, connection, retention);
    } catch (SQLException e) {
      throw unusable(file, e);
    } catch (IOException e) {
      throw new JournalFailed("The folder " + folder + " cannot be synced: " + e + ".", e);
    } catch (Schema.Unusable e) {
      throw new JournalFailed("The journal " + file + " " + e.getMessage(), e);
    } finally {
      if (!opened) {
        close(connection, lock);
      }
    }
  }

  static Connection connect(Path file, boolean readOnly) throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setReadOnly(readOnly);
    config.setBusyTimeout(BUSY_MILLIS);
    config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
    return config.createConnection("jdbc:sqlite:" + file);
  }

  private static void prepare(Connection connection, Path folder, long maxBytes)
      throws SQLException, IOException, Schema.Unusable {
    try (Statement sql = connection.createStatement()) {
      // Of a journal that is there already it says nothing.
      sql.execute("PRAGMA auto_vacuum = INCREMENTAL");
      try (ResultSet mode = sql.executeQuery("PRAGMA journal_mode = WAL")) {
        if (!mode.next() || !"wal".equals(mode.getString(1))) {
          throw new Schema.Unusable(
              "is on a file system that cannot share memory between processes (NFS, say), which a"
                  + " write-ahead log needs. Put the folder on a local disk.");
        }
      }
      sql.execute("PRAGMA wal_autocheckpoint = 0");
      sql.execute("PRAGMA trusted_schema = OFF");
      sql.execute("PRAGMA cell_size_check = ON");
      boolean fresh = Schema.prepare(connection);
      long pageSize = single(sql, "PRAGMA page_size");
      long pages = maxBytes / pageSize;
      long there = single(sql, "PRAGMA page_count");
      // Nothing may be forgotten before there are snapshots, which take place as well.
      boolean young = single(sql, "SELECT count(*) FROM snapshot") < Snapshots.KEPT;
      long most = young || there > pages ? Math.max(pages, there + pages / ROOM_PART) : pages;
      // SQLite takes at most 2^32 - 2 pages.
      sql.execute("PRAGMA max_page_count = " + Math.min(most, 0xfffffffeL));
      if (fresh) {
        // The file is synced by SQLite, its name in the folder is not.
        try (FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
          names.force(true);
        }
      }
    }
  }

  private static long single(Statement sql, String query) throws SQLException {
    try (ResultSet row = sql.executeQuery(query)) {
      return row.next() ? row.getLong(1) : 0;
    }
  }

  @Override
  public State recover() {
    writing.lock();
    try {
      refuseAfterFailure();
      return rebuild();
    } catch (SQLException e) {
      throw failed(unusable(file, e));
    } catch (JournalFailed e) {
      throw failed(e);
    } finally {
      writing.unlock();
    }
  }

  private State rebuild() throws SQLException {
    if (!verified) {
      checkFile();
    }
    Rows rows = new Rows(connection, file);
    return replay(rows, new Snapshots(connection, codec).base(rows));
  }

  private State replay(Rows rows, Optional<Snapshots.Snapshot> snapshot) throws SQLException {
    long base = snapshot.map(Snapshots.Snapshot::seq).orElse(0L);
    State state = snapshot.map(found -> State.of(found.state())).orElseGet(State::new);
    last = null;
    bytesSinceSnapshot = 0;
    // Rows up to the snapshot need vouching for once in the life of a process.
    rows.read(
        verified ? Math.max(0, base - 1) : 0,
        Long.MAX_VALUE,
        row -> {
          if (row.seq() > base) {
            apply(state, row, rows);
            bytesSinceSnapshot += row.facts().length;
          }
          last = row;
        });
    verified = true;
    return state;
  }

  private void apply(State state, Row row, Rows rows) {
    try {
      codec.decode(row.facts()).forEach(state::apply);
    } catch (RuntimeException e) {
      JournalFailed damaged = rows.damaged(row.seq(), String.valueOf(e.getMessage()));
      damaged.initCause(e);
      throw damaged;
    }
  }

  private void checkFile() throws SQLException {
    try (Statement sql = connection.createStatement();
        ResultSet row = sql.executeQuery("PRAGMA quick_check(1)")) {
      String found = row.next() ? row.getString(1) : "no answer";
      if (!"ok".equals(found)) {
        throw new SQLiteException(found, SQLiteErrorCode.SQLITE_CORRUPT);
      }
    }
  }

  @Override
  public long append(List<Entry> entries) {
    writing.lock();
    try {
      refuseAfterFailure();
      if (!verified) {
        throw new IllegalStateException("recover() comes before append()");
      }
      List<Row> rows = rows(entries);
      long bytes = rows.stream().mapToLong(row -> row.facts().length).sum();
      withRoom(bytes, () -> insert(rows));
      last = rows.isEmpty() ? last : rows.getLast();
      entriesSinceCheckpoint += rows.size();
      bytesSinceCheckpoint += bytes;
      bytesSinceSnapshot += bytes;
      checkpointWhereDue();
      return last == null ? 0 : last.seq();
    } finally {
      writing.unlock();
    }
  }

  private List<Row> rows(List<Entry> entries) {
    List<Row> rows = new ArrayList<>(entries.size());
    long seq = last == null ? 0 : last.seq();
    byte[] hash = last == null ? HashChain.beginning() : last.hash();
    for (Entry entry : entries) {
      if (entry.facts().isEmpty()) {
        throw new IllegalArgumentException("an entry without facts says nothing");
      }
      byte[] facts = codec.encode(entry.facts());
      long micros = Micros.of(entry.at());
      seq++;
      hash = chain.next(hash, seq, micros, facts);
      rows.add(new Row(seq, micros, hash, facts));
    }
    return rows;
  }

  private void insert(List<Row> rows) throws SQLException {
    try (PreparedStatement sql =
        connection.prepareStatement(
            "INSERT INTO entry (seq, at, hash, facts) VALUES (?, ?, ?, CAST(? AS TEXT))")) {
      for (Row row : rows) {
        sql.setLong(1, row.seq());
        sql.setLong(2, row.micros());
        sql.setBytes(3, row.hash());
        sql.setBytes(4, row.facts());
        sql.executeUpdate();
      }
    }
  }

  private void checkpointWhereDue() {
    if (entriesSinceCheckpoint >= CHECKPOINT_ENTRIES || bytesSinceCheckpoint >= CHECKPOINT_BYTES) {
      checkpoint();
    }
  }

  private void checkpoint() {
    long written = bytesSinceCheckpoint;
    try (Statement sql = connection.createStatement()) {
      sql.execute("PRAGMA wal_checkpoint(PASSIVE)");
      entriesSinceCheckpoint = 0;
      bytesSinceCheckpoint = 0;
    } catch (SQLException e) {
      // Without space for it the log keeps what it has; what is committed is safe there.
      if (!full(e)) {
        throw failed(unusable(file, e));
      }
    }
    try {
      forget(Math.clamp(2 * written, FORGOTTEN_AT_LEAST, FORGOTTEN_AT_MOST), 0);
    } catch (JournalFull e) {
      // There will be a next time.
    }
  }

  /**
   * Forgets about so many bytes of what may go, and gives back what is empty.
   *
   * @param needed how much place there must be besides
   * @return whether there was anything
   */
  private boolean forget(long bytes, long needed) {
    Row row = last;
    if (row == null) {
      return false;
    }
    boolean[] some = {false};
    transaction(() -> some[0] = forgetting.forget(row.micros(), bytes, needed));
    try {
      forgetting.giveBack();
    } catch (SQLException e) {
      // Moving pages takes some space in the log first.
      if (!full(e)) {
        throw failed(unusable(file, e));
      }
    }
    return some[0];
  }

  /**
   * Where there is no space, what may go is forgotten first.
   *
   * @param bytes how much is written
   */
  private void withRoom(long bytes, Work work) {
    try {
      transaction(work);
    } catch (JournalFull e) {
      if (!forget(Math.max(FORGOTTEN_AT_MOST, 2 * bytes), bytes)) {
        // That nothing was forgotten went through, which says nothing of a write.
        wrote = false;
        throw e;
      }
      transaction(work);
    }
  }

  @Override
  public void snapshot(State state) {
    writing.lock();
    try {
      refuseAfterFailure();
      Row row = last;
      if (row != null) {
        byte[] json = codec.encode(state.snapshot());
        // One that does not fit is tried again when there is as much news once more.
        bytesSinceSnapshot = 0;
        withRoom(json.length, () -> new Snapshots(connection, codec).write(row, json));
        checkpoint();
      }
    } finally {
      writing.unlock();
    }
  }

  @Override
  public boolean wantsSnapshot() {
    writing.lock();
    try {
      return bytesSinceSnapshot > Math.min(SNAPSHOT_BYTES, retention.bytes() / SNAPSHOT_PART);
    } finally {
      writing.unlock();
    }
  }

  @Override
  public boolean writable() {
    writing.lock();
    try {
      refuseAfterFailure();
      return (wrote && System.nanoTime() - wroteAt < PROBE_EVERY_NANOS) || probed();
    } catch (JournalFull | JournalFailed e) {
      return false;
    } finally {
      writing.unlock();
    }
  }

  /** Whether a small write goes through now; what the log grows by is moved on like all else. */
  boolean probed() {
    withRoom(PROBE_BYTES, this::probe);
    // Taken and given back.
    bytesSinceCheckpoint += 2 * PROBE_BYTES;
    checkpointWhereDue();
    return true;
  }

  /** Takes space and gives it back, so that what is committed is small and the need for it real. */
  private void probe() throws SQLException {
    try (Statement sql = connection.createStatement()) {
      sql.execute("INSERT INTO meta VALUES ('probe', zeroblob(" + PROBE_BYTES + "))");
      sql.execute("DELETE FROM meta WHERE name = 'probe'");
    }
  }

  /**
   * Calls {@code each} with the entries from {@code from}, included, to {@code to}, excluded; times
   * count in whole microseconds. The rows are vouched for as at the start.
   *
   * @throws JournalFailed where they cannot be
   */
  @Override
  public void read(Instant from, Instant to, Consumer<Entry> each) {
    read(file, codec, Micros.of(from), Micros.of(to), each);
  }

  /**
   * Calls {@code each} with every entry of the journal in the folder, whether or not a daemon has
   * it open. Nothing is written. The rows are vouched for as at the start.
   *
   * @throws JournalFailed where there is no journal, or it cannot be read
   */
  public static void browse(Path folder, Consumer<Entry> each) {
    Path file = folder.resolve(FILE);
    if (!Files.exists(file)) {
      throw new JournalFailed("There is no journal in " + folder + ".");
    }
    read(file, new FactCodec(), Long.MIN_VALUE, Long.MAX_VALUE, each);
  }

  /**
   * Reads what a start of the journal in the folder would begin with.
   *
   * @throws JournalFailed where there is nothing that it could
   */
  static void checkBase(Path folder) {
    Path file = folder.resolve(FILE);
    try (Connection reader = connect(file, true)) {
      var _ = new Snapshots(reader, new FactCodec()).base(new Rows(reader, file));
    } catch (SQLException e) {
      throw unusable(file, e);
    }
  }

  private static void read(Path file, FactCodec codec, long from, long to, Consumer<Entry> each) {
    try (Connection reader = connect(file, true)) {
      long first;
      long last;
      try (PreparedStatement sql =
          reader.prepareStatement(
              "SELECT coalesce(min(seq), 0), max(seq) FROM entry WHERE at >= ? AND at < ?")) {
        sql.setLong(1, from);
        sql.setLong(2, to);
        try (ResultSet range = sql.executeQuery()) {
          first = range.next() ? range.getLong(1) : 0;
          last = range.getLong(2);
        }
      }
      if (first > 0) {
        Rows rows = new Rows(reader, file);
        rows.read(
            first - 1,
            last,
            row -> {
              if (row.micros() >= from && row.micros() < to) {
                each.accept(entry(row, rows, codec));
              }
            });
      }
    } catch (SQLException e) {
      throw unusable(file, e);
    }
  }

  private static Entry entry(Row row, Rows rows, FactCodec codec) {
    try {
      return new Entry(Micros.instant(row.micros()), codec.decode(row.facts()));
    } catch (IllegalArgumentException e) {
      throw rows.damaged(row.seq(), String.valueOf(e.getMessage()));
    }
  }

  /** What is done between the begin and the commit of a transaction. */
  private interface Work {
    void run() throws SQLException;
  }

  private void transaction(Work work) {
    try (Statement sql = connection.createStatement()) {
      sql.execute("BEGIN IMMEDIATE");
      work.run();
      sql.execute("COMMIT");
      wrote = true;
      wroteAt = System.nanoTime();
    } catch (SQLException e) {
      wrote = false;
      boolean undone = rollBack();
      if (!full(e) || !undone) {
        throw failed(unusable(file, e));
      }
      throw new JournalFull(
          "There is no space left for the journal "
              + file
              + ". Nothing of this was written. Free some, or allow it more; Belay goes on by"
              + " itself.",
          e);
    }
  }

  private boolean rollBack() {
    try (Statement sql = connection.createStatement()) {
      sql.execute("ROLLBACK");
      return true;
    } catch (SQLException e) {
      // SQLite may have rolled back by itself, and then says that there is nothing to roll back.
      return code(e) == SQLiteErrorCode.SQLITE_ERROR.code;
    }
  }

  private void refuseAfterFailure() {
    if (failure != null) {
      throw new JournalFailed(
          "The journal failed before and stays shut until Belay is restarted: "
              + failure.getMessage(),
          failure);
    }
  }

  private JournalFailed failed(JournalFailed e) {
    failure = e;
    return e;
  }

  private static boolean full(SQLException e) {
    return code(e) == SQLiteErrorCode.SQLITE_FULL.code;
  }

  /** The error's class; the bits above say more than is needed here. */
  private static int code(SQLException e) {
    return e instanceof SQLiteException sqlite ? sqlite.getResultCode().code & 0xff : -1;
  }

  private static JournalFailed unusable(Path file, SQLException e) {
    String what =
        switch (code(e)) {
          case 5, 6 ->
              "is locked by another program. Close whatever writes to it (readers do no harm)";
          case 8, 14, 23 -> "cannot be opened for writing. Check the folder's owner and rights";
          case 11, 26 ->
              "is damaged, or no SQLite file. Restore the folder from a backup; or set it aside and"
                  + " start with an empty one, which forgets open incidents, holds and leases, and"
                  + " look at the cluster first";
          default ->
              "failed to read or write. Check the disk and the system's log, then restart Belay,"
                  + " which recovers what is truly there";
        };
    return new JournalFailed("The journal " + file + " " + what + ". (" + e.getMessage() + ")", e);
  }

  /** Closes the journal and gives up the right to the folder. */
  @Override
  public void close() {
    writing.lock();
    try {
      if (failure == null) {
        failure = new JournalFailed("The journal " + file + " is closed.");
      }
      close(connection, lock);
    } finally {
      writing.unlock();
    }
  }

  private static void close(@Nullable Connection connection, FolderLock lock) {
    try (lock;
        connection) {
      // Both are closed, the lock last.
    } catch (SQLException | IOException e) {
      // Everything that was acknowledged is safe already, and nothing can be done about the rest.
    }
  }
}
