package dev.belay.journal;

import dev.belay.port.JournalFailed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/** A copy of a journal's folder as it is at one moment, while a daemon writes to it or not. */
public final class Backup {
  private Backup() {}

  /**
   * Writes a copy that is sound in itself, and reads it once from end to end to see that it is.
   * Only this process's own user may read it.
   *
   * @param journal the journal's folder; nothing in it is changed
   * @param to a folder that is not there yet
   * @return how many entries it holds
   * @throws JournalFailed where there is no journal, or it cannot be copied; there is no copy then
   */
  public static long write(Path journal, Path to) {
    Path file = journal.resolve(SqliteJournal.FILE);
    if (!Files.exists(file)) {
      throw new JournalFailed("There is no journal in " + journal + ".");
    }
    if (Files.exists(to)) {
      throw new JournalFailed(to + " is there already; name a folder that is not.");
    }
    boolean begun = false;
    boolean whole = false;
    try {
      Files.createDirectories(to.toAbsolutePath().getParent());
      Files.createDirectory(to, BaselineFolder.mode("rwx------"));
      begun = true;
      copy(file, to.resolve(SqliteJournal.FILE));
      copyBaselines(journal.resolve(BaselineFolder.FOLDER), to.resolve(BaselineFolder.FOLDER));
      AtomicLong entries = new AtomicLong();
      SqliteJournal.browse(to, _ -> entries.incrementAndGet());
      SqliteJournal.checkBase(to);
      whole = true;
      return entries.get();
    } catch (SQLException e) {
      throw new JournalFailed("The journal " + file + " cannot be copied: " + e.getMessage(), e);
    } catch (IOException | UncheckedIOException e) {
      throw new JournalFailed("The copy " + to + " cannot be written: " + e + ".", e);
    } finally {
      if (begun && !whole) {
        remove(to);
      }
    }
  }

  /** One read transaction: what is written meanwhile is not in it, and does not wait for it. */
  private static void copy(Path from, Path to) throws SQLException, IOException {
    try (Connection connection = SqliteJournal.connect(from, true);
        PreparedStatement sql = connection.prepareStatement("VACUUM INTO ?")) {
      sql.setString(1, to.toString());
      sql.execute();
    }
    try (FileChannel written = FileChannel.open(to, StandardOpenOption.WRITE)) {
      written.force(true);
    }
  }

  /** After the rows, so that what they know good is there unless it was forgotten since. */
  private static void copyBaselines(Path from, Path to) throws IOException {
    if (!Files.isDirectory(from)) {
      return;
    }
    try (Stream<Path> all = Files.walk(from)) {
      for (Path each : all.toList()) {
        Path target = to.resolve(from.relativize(each).toString());
        if (Files.isDirectory(each)) {
          Files.createDirectories(target);
        } else if (each.toString().endsWith(".json")) {
          copyUnlessGone(each, target);
        }
      }
    }
  }

  /** A revision may be forgotten meanwhile. */
  private static void copyUnlessGone(Path from, Path to) throws IOException {
    try {
      Files.copy(from, to);
    } catch (NoSuchFileException e) {
      // It is wanted no more.
    }
  }

  private static void remove(Path folder) {
    try (Stream<Path> all = Files.walk(folder)) {
      List<Path> deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
      for (Path each : deepestFirst) {
        Files.delete(each);
      }
    } catch (IOException | UncheckedIOException e) {
      // What is left of it does no harm, and the failure before this one is the one to be told.
    }
  }
}
