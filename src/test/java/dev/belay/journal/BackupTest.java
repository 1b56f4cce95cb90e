package dev.belay.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.core.engine.State;
import dev.belay.port.Journal.Entry;
import dev.belay.port.JournalFailed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackupTest {
  @TempDir Path folder = Path.of("");

  private static Entry entry(int number) {
    return new Entry(SampleFacts.START.plusSeconds(number), List.of(SampleFacts.alert(number)));
  }

  private Path journal() {
    return folder.resolve("journal");
  }

  private Path backup() {
    return folder.resolve("copies/today");
  }

  @Test
  void whatIsCopiedRecoversToTheSameState() throws IOException {
    State state;
    try (SqliteJournal journal = SqliteJournal.open(journal())) {
      journal.recover();
      for (int i = 1; i <= 10; i++) {
        journal.append(List.of(entry(i)));
      }
      state = journal.recover();
      Files.createDirectories(journal().resolve("baselines/shop/deployment/cart"));
      Files.writeString(journal().resolve("baselines/shop/deployment/cart/0.json"), "{}");
      assertEquals(10, Backup.write(journal(), backup()));
    }
    assertEquals(
        "rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(backup())));
    assertEquals("{}", Files.readString(backup().resolve("baselines/shop/deployment/cart/0.json")));
    try (SqliteJournal copy = SqliteJournal.open(backup())) {
      assertEquals(state.snapshot(), copy.recover().snapshot());
      copy.append(List.of(entry(11)));
    }
  }

  @Test
  void aCopyIsTakenWhileTheDaemonWrites() throws Exception {
    AtomicBoolean enough = new AtomicBoolean();
    AtomicLong written = new AtomicLong();
    CountDownLatch begun = new CountDownLatch(50);
    try (SqliteJournal journal = SqliteJournal.open(journal());
        ExecutorService thread = Executors.newSingleThreadExecutor()) {
      journal.recover();
      Future<?> writer =
          thread.submit(
              () -> {
                while (!enough.get()) {
                  journal.append(List.of(entry((int) written.incrementAndGet())));
                  begun.countDown();
                }
              });
      begun.await();
      long copied = Backup.write(journal(), backup());
      enough.set(true);
      writer.get();
      assertTrue(copied >= 50 && copied <= written.get(), () -> copied + " of " + written);
    }
  }

  @Test
  void nothingIsOverwrittenAndWhatIsNoJournalIsNotCopied() throws IOException {
    assertThrows(JournalFailed.class, () -> Backup.write(journal(), backup()));
    SqliteJournal.open(journal()).close();
    Files.createDirectories(backup());
    assertThrows(JournalFailed.class, () -> Backup.write(journal(), backup()));
  }

  @Test
  void ofWhatIsDamagedThereIsNoCopy() throws IOException {
    Files.createDirectories(journal());
    Files.writeString(
        journal().resolve("belay.db"), "no journal at all, but a long text".repeat(99));
    assertThrows(JournalFailed.class, () -> Backup.write(journal(), backup()));
    assertFalse(Files.exists(backup()));
  }
}
