package dev.belay.journal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.core.engine.State;
import dev.belay.port.Journal.Entry;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Kills processes that write a journal. */
@Timeout(value = 8, unit = TimeUnit.MINUTES)
class JournalCrashIT {
  private static final int KILLS = 20;

  @TempDir Path folder;

  private Process start() throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    return new ProcessBuilder(
            java,
            "-XX:TieredStopAtLevel=1",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            AppendForever.class.getName(),
            folder.toString())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  @Test
  void everythingAcknowledgedSurvivesEveryKill() throws Exception {
    Random random = new Random(20);
    long acknowledged = 0;
    long first = 1;
    for (int kill = 1; kill <= KILLS; kill++) {
      acknowledged = killAfter(1 + random.nextInt(100));
      first = verify(acknowledged);
    }
    assertTrue(acknowledged > KILLS, "only " + acknowledged + " entries were written");
    assertTrue(first > 1, "nothing was forgotten in between");
  }

  /** Kills the process somewhere after so many acknowledgements; returns the last one it gave. */
  private long killAfter(int acknowledgements) throws Exception {
    Process process = start();
    long last = 0;
    try (BufferedReader out = process.inputReader()) {
      for (int i = 0; i < acknowledgements; i++) {
        last = Long.parseLong(Objects.requireNonNull(out.readLine()));
      }
      // By its handle: the process itself would close the pipe that holds the last lines.
      process.toHandle().destroyForcibly();
      // What was printed before the kill counts as well, but for a line that it tore.
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        last = line.matches("[0-9]+") ? Math.max(last, Long.parseLong(line)) : last;
      }
    }
    assertTrue(process.waitFor(1, TimeUnit.MINUTES), "the process outlived its kill");
    return last;
  }

  /** Returns the first entry's number that is left. */
  private long verify(long acknowledged) {
    try (SqliteJournal journal = SqliteJournal.open(folder, AppendForever.RETENTION)) {
      State recovered = journal.recover();
      List<Entry> entries = new ArrayList<>();
      journal.read(Instant.MIN, Instant.MAX, entries::add);
      long first = AppendForever.seq(entries.getFirst());
      long last = AppendForever.seq(entries.getLast());
      assertTrue(last >= acknowledged, last + " of " + acknowledged + " are there");
      assertEquals(last - first + 1, entries.size());
      State expected = new State();
      for (long seq = 1; seq <= last; seq++) {
        Entry entry = AppendForever.entry(seq);
        entry.facts().forEach(expected::apply);
        if (seq >= first) {
          assertEquals(entry, entries.get((int) (seq - first)));
        }
      }
      FactCodec codec = new FactCodec();
      assertArrayEquals(codec.encode(expected.snapshot()), codec.encode(recovered.snapshot()));
      return first;
    }
  }

  @Test
  void aSecondProcessIsToldWhoHasTheJournal() throws Exception {
    try (SqliteJournal journal = SqliteJournal.open(folder)) {
      journal.recover();
      Process second = start();
      try (BufferedReader out = second.inputReader()) {
        String refusal = String.valueOf(out.readLine());
        assertTrue(
            refusal.contains("in use by process " + ProcessHandle.current().pid() + " on "),
            refusal);
      } finally {
        second.destroyForcibly();
      }
      assertEquals(1, journal.append(List.of(AppendForever.entry(1))));
    }
  }
}
