package dev.belay.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.belay.port.Journal.Entry;
import dev.belay.port.JournalFull;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Fills a real file system of 16 MiB. */
@Timeout(240)
class JournalDiskFullIT {
  private static final int BALLAST = 8 << 20;

  @TempDir Path folder;

  private static boolean run(String... command) throws IOException, InterruptedException {
    return new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start()
            .waitFor()
        == 0;
  }

  private static boolean mount(Path at) throws InterruptedException {
    try {
      return run("mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", at.toString());
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void aFullDiskLosesNothingAndWritingGoesOnWhenThereIsSpace() throws Exception {
    assumeTrue(mount(folder), "skipped: mounting a small tmpfs takes root");
    try {
      Path ballast = Files.write(folder.resolve("ballast"), new byte[BALLAST]);
      long acknowledged;
      try (SqliteJournal journal = SqliteJournal.open(folder)) {
        journal.recover();
        acknowledged = appendUntilFull(journal);
        assertFalse(journal.writable());
        journal.recover();
        assertEquals(acknowledged, count(journal));
        Files.delete(ballast);
        assertTrue(journal.writable());
        journal.recover();
        assertEquals(acknowledged + 1, journal.append(entries(acknowledged + 1, 1)));
      }
      try (SqliteJournal journal = SqliteJournal.open(folder)) {
        journal.recover();
        assertEquals(acknowledged + 1, count(journal));
      }
    } finally {
      assertTrue(run("umount", folder.toString()), "unmounting " + folder + " failed");
    }
  }

  private static List<Entry> entries(long first, int count) {
    return LongStream.range(first, first + count).mapToObj(AppendForever::entry).toList();
  }

  /** Ever smaller batches, so that not even one entry has space at the end. */
  private static long appendUntilFull(SqliteJournal journal) {
    long last = 0;
    int batch = 256;
    while (true) {
      try {
        last = journal.append(entries(last + 1, batch));
      } catch (JournalFull e) {
        if (batch == 1) {
          return last;
        }
        batch /= 2;
      }
    }
  }

  private static long count(SqliteJournal journal) {
    List<Entry> entries = new ArrayList<>();
    journal.read(Instant.MIN, Instant.MAX, entries::add);
    return entries.size();
  }
}
