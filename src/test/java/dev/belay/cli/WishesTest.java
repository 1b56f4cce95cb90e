package dev.belay.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.core.engine.Event;
import dev.belay.port.Inbox;
import dev.belay.port.InboxFull;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WishesTest {
  private static final String NONE = "000000000000";

  @TempDir private Path folder = Path.of("");

  private String inForce = NONE;
  private Wishes wishes = new Wishes(Path.of(""), NONE, () -> Instant.EPOCH);

  /** What the daemon under way began with. */
  private Setup setup() {
    return Setup.read(folder.resolve("belay.yml")).setup().orElseThrow();
  }

  @BeforeEach
  void configure() {
    write("belay.yml", "rules: rules\njournal: journal\ncluster: { enabled: false }\n");
    rule("[]");
    wishes = new Wishes(folder.resolve("belay.yml"), NONE, () -> Instant.EPOCH);
  }

  private void patience(Duration recording) {
    wishes = new Wishes(folder.resolve("belay.yml"), NONE, () -> Instant.EPOCH, recording);
  }

  private void write(String name, String text) {
    try {
      Path file = folder.resolve(name);
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void rule(String remediations) {
    write("rules/shop.yml", "service: shop\nremediations: " + remediations + "\n");
  }

  /** A daemon's journal, or a daemon that takes nothing any more. */
  private static final class Recorder implements Inbox {
    private final List<Event> events = new ArrayList<>();
    private final List<CompletableFuture<@Nullable Void>> waiting = new ArrayList<>();
    private boolean full;
    private boolean slow;

    @Override
    public CompletionStage<@Nullable Void> offer(Event event) {
      if (full) {
        return CompletableFuture.failedFuture(new InboxFull("nothing can be kept"));
      }
      events.add(event);
      if (slow) {
        waiting.add(new CompletableFuture<>());
        return waiting.getLast();
      }
      return CompletableFuture.completedFuture(null);
    }
  }

  private Recorder daemon() {
    Recorder daemon = new Recorder();
    Setup setup = setup();
    inForce = setup.rules().shortDigest();
    wishes.recordedBy(daemon, setup);
    return daemon;
  }

  @Test
  void whoHadGoodRulesReadIsWrittenDownByTheDaemonThatStillRuns() throws Exception {
    Recorder daemon = daemon();
    assertEquals(List.of(), wishes.reload("ada"));
    assertEquals(1, daemon.events.size());
    Event.ReloadAccepted accepted = (Event.ReloadAccepted) daemon.events.getFirst();
    assertEquals("ada", accepted.person());
    assertEquals(inForce, accepted.before());
    Wishes.Wish.TakeOver next = (Wishes.Wish.TakeOver) wishes.next();
    assertEquals(next.setup().rules().shortDigest(), accepted.after());
    assertEquals("ada", next.person());
  }

  /** The audit had said that the rules are as they were, and nothing of what was otherwise. */
  @Test
  void whatIsOtherwiseInTheConfigurationIsWrittenDownByItsKeysAndTheMode() {
    Recorder daemon = daemon();
    assertEquals(List.of(), wishes.reload("ada"));
    write(
        "belay.yml",
        """
        rules: rules
        journal: journal
        cluster: { enabled: false }
        mode: act
        auth: { bearer_tokens: [ 0123456789abcdef0123 ] }
        """);
    assertEquals(List.of(), wishes.reload("ada"));
    List<List<String>> changed =
        daemon.events.stream()
            .map(Event.ReloadAccepted.class::cast)
            .map(Event.ReloadAccepted::changed)
            .toList();
    assertEquals(List.of(), changed.getFirst());
    assertEquals(List.of("mode (act instead of observe)", "auth"), changed.getLast());
  }

  @Test
  void whoHadBadRulesReadIsWrittenDownWithWhatIsWrong() {
    Recorder daemon = daemon();
    rule("7");
    assertFalse(wishes.reload(Wishes.BY_SIGNAL).isEmpty());
    Event.ReloadRefused refused = (Event.ReloadRefused) daemon.events.getFirst();
    assertEquals("SIGHUP", refused.person());
    assertEquals(inForce, refused.inForce());
    assertTrue(refused.why().contains("shop.yml:2"), refused.why());
    assertFalse(wishes.stopping());
  }

  @Test
  void aVeryLongListOfProblemsIsCut() {
    Recorder daemon = daemon();
    for (int i = 0; i < 100; i++) {
      write("rules/" + i + ".yml", "service: shop" + i + "\nremediation: []\n");
    }
    wishes.reload("ada");
    Event.ReloadRefused refused = (Event.ReloadRefused) daemon.events.getFirst();
    assertTrue(refused.why().length() < 1_010 && refused.why().endsWith("..."), refused.why());
  }

  @Test
  void whatTheDaemonCannotWriteDownDoesNotKeepFromReloadingAndTheNextWritesIt() throws Exception {
    Recorder daemon = daemon();
    daemon.full = true;
    assertEquals(List.of(), wishes.reload("ada"));
    assertTrue(wishes.next() instanceof Wishes.Wish.TakeOver);
    Recorder next = daemon();
    assertEquals(1, next.events.size());
    assertTrue(next.events.getFirst() instanceof Event.ReloadAccepted);
    assertEquals(0, daemon().events.size(), "once");
  }

  @Test
  void whatTheDaemonTookInAndCannotWriteDownAfterAllTheNextOneWrites() {
    patience(Duration.ZERO);
    Recorder daemon = daemon();
    daemon.slow = true;
    assertEquals(List.of(), wishes.reload("ada"));
    assertEquals(1, daemon.waiting.size());
    daemon.waiting.getFirst().completeExceptionally(new InboxFull("the disk is full"));
    assertEquals(daemon.events, daemon().events);
    assertEquals(List.of(), daemon().events, "once");
  }

  @Test
  void whatTheDaemonTookInAndWritesDownLateIsWrittenDownOnce() {
    patience(Duration.ZERO);
    Recorder daemon = daemon();
    daemon.slow = true;
    assertEquals(List.of(), wishes.reload("ada"));
    daemon.waiting.getFirst().complete(null);
    assertEquals(List.of(), daemon().events);
  }

  @Test
  void aDaemonWhoseDiskIsSlowCanBeStoppedBeforeItHasWrittenWhatNoneHadYet() {
    patience(Duration.ofHours(1));
    assertEquals(List.of(), wishes.reload("ada"));
    Recorder daemon = new Recorder();
    daemon.slow = true;
    assertTimeoutPreemptively(
        Duration.ofSeconds(10), () -> wishes.recordedBy(daemon, setup()), "it waits");
    assertEquals(1, daemon.events.size());
    daemon.waiting.getFirst().completeExceptionally(new InboxFull("the disk is full"));
    assertEquals(daemon.events, daemon().events);
  }

  @Test
  void whatIsAskedForWhileADaemonMakesRoomIsLeftToTheNext() {
    Recorder daemon = daemon();
    assertEquals(List.of(), wishes.reload("ada"));
    wishes.handedOver();
    wishes.failed("ada", "cannot listen on 127.0.0.1:9096");
    assertEquals(1, daemon.events.size());
    assertEquals(
        List.of(new Event.ReloadRefused("ada", inForce, "cannot listen on 127.0.0.1:9096")),
        daemon().events);
  }

  @Test
  void whatCouldNotBeStartedWithIsWrittenDownByTheOneThatIsStartedAgain() {
    Recorder daemon = daemon();
    assertEquals(List.of(), wishes.reload("ada"));
    daemon.full = true;
    wishes.failed("ada", "cannot listen on 127.0.0.1:9096");
    Recorder again = daemon();
    assertEquals(
        List.of(new Event.ReloadRefused("ada", inForce, "cannot listen on 127.0.0.1:9096")),
        again.events);
  }

  @Test
  void whatIsAskedForBeforeAnyDaemonRunsIsWrittenDownByTheFirst() {
    assertEquals(List.of(), wishes.reload(Wishes.BY_SIGNAL));
    assertEquals(1, daemon().events.size());
  }
}
