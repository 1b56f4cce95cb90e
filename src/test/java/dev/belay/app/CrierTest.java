package dev.belay.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.controlplane.Eventually;
import dev.belay.core.engine.Command;
import dev.belay.core.engine.Event;
import dev.belay.core.incident.Notice;
import dev.belay.port.InboxFull;
import dev.belay.port.Notifier;
import dev.belay.port.NotifierContract;
import dev.belay.port.NotifierFailed;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a channel is told, and what it is not told again. */
@Timeout(30)
class CrierTest {
  private static final Instant NOW = Instant.parse("2026-11-24T12:03:04Z");
  private static final Notice FIRST = NotifierContract.notice("covet-1", 1, Notice.Kind.OPENED, "");
  private static final Notice SECOND = NotifierContract.notice("covet-1", 2, Notice.Kind.PAGE, "");

  private final Channel slack = new Channel("slack");
  private final Channel log = new Channel("log");
  private final BlockingQueue<Event> answers = new LinkedBlockingQueue<>();
  private final AtomicBoolean full = new AtomicBoolean();
  private final Crier crier =
      new Crier(
          List.of(slack, log),
          this::offer,
          channel -> incident -> Optional.of(incident + " on " + channel),
          InstantSource.fixed(NOW));

  @AfterEach
  void close() {
    slack.open();
    log.open();
    crier.close();
  }

  private CompletionStage<@Nullable Void> offer(Event event) {
    answers.add(event);
    return full.get()
        ? CompletableFuture.failedFuture(new InboxFull("the mailbox is full"))
        : CompletableFuture.completedFuture(null);
  }

  private void hand(Channel channel, Notice... owed) {
    crier.accept(new Command.Notify(channel.name, Arrays.asList(owed)));
  }

  private void assertAnswered(Notice notice) throws InterruptedException {
    assertEquals(
        new Event.NoticeDelivered(
            notice.incident(), notice.number(), "slack", Optional.of("thread")),
        answers.poll(10, TimeUnit.SECONDS));
  }

  @Test
  void tellsInOrderAndAnswersForEach() throws InterruptedException {
    hand(slack, FIRST, SECOND);
    assertEquals(FIRST, slack.told());
    assertEquals(SECOND, slack.told());
    assertAnswered(FIRST);
    assertAnswered(SECOND);
  }

  @Test
  void goesOnInTheConversationFromBeforeARestartAndThenInItsOwn() throws InterruptedException {
    hand(slack, FIRST, SECOND);
    slack.told();
    slack.told();
    assertEquals("covet-1 on slack", slack.conversations.take());
    assertEquals("thread", slack.conversations.take());
  }

  @Test
  void whatIsUnderWayIsNotToldAgainHoweverOftenItIsHandedOver() throws InterruptedException {
    slack.shut();
    hand(slack, FIRST);
    slack.awaitCall();
    hand(slack, FIRST);
    hand(slack, FIRST, SECOND);
    slack.open();
    assertEquals(FIRST, slack.told());
    assertEquals(SECOND, slack.told(), "the first is not told again");
  }

  @Test
  void whatWasTakenIsAnsweredForAgainAndNotToldAgain() throws InterruptedException {
    full.set(true);
    hand(slack, FIRST);
    assertEquals(FIRST, slack.told());
    assertAnswered(FIRST);
    full.set(false);
    hand(slack, FIRST, SECOND);
    assertAnswered(FIRST);
    assertEquals(SECOND, slack.told());
  }

  @Test
  void whatFailsIsLeftUntilItIsHandedOverAgain() throws InterruptedException {
    slack.fails(() -> new NotifierFailed("Slack is away", false, Optional.empty()));
    hand(slack, FIRST, SECOND);
    slack.awaitCall();
    assertEquals(
        Optional.of("slack takes no notices since 2026-11-24T12:03:04Z: Slack is away"),
        slack.troubleOnce(crier, true));
    hand(slack, FIRST, SECOND);
    assertEquals(FIRST, slack.told());
    assertEquals(SECOND, slack.told());
    assertAnswered(FIRST);
    assertAnswered(SECOND);
    assertEquals(Optional.empty(), slack.troubleOnce(crier, false));
  }

  @Test
  void whatIsRefusedForGoodIsTriedAgainTooForSomebodyMayMendIt() throws InterruptedException {
    slack.fails(() -> new NotifierFailed("invite the app", true, Optional.empty()));
    hand(slack, FIRST);
    slack.awaitCall();
    hand(slack, FIRST);
    assertEquals(FIRST, slack.told());
  }

  @Test
  void goesOnByItselfAfterThePauseThatTheChannelAsksFor() throws InterruptedException {
    slack.fails(() -> new NotifierFailed("busy", false, Optional.of(Duration.ofSeconds(1))));
    long began = System.nanoTime();
    hand(slack, FIRST, SECOND);
    assertEquals(FIRST, slack.told());
    assertTrue(System.nanoTime() - began >= Duration.ofSeconds(1).toNanos());
    assertEquals(SECOND, slack.told());
  }

  @Test
  void whatDoesNotSuitTheChannelHoldsUpNothingElse() throws InterruptedException {
    slack.fails(() -> NotifierFailed.unfit("too long"));
    hand(slack, FIRST, SECOND);
    assertEquals(SECOND, slack.told());
    assertEquals(Optional.empty(), crier.trouble());
  }

  @Test
  void aChannelThatBreaksGoesOnWithTheNextNotice() throws InterruptedException {
    slack.fails(() -> new IllegalStateException("a bug"));
    hand(slack, FIRST, SECOND);
    assertEquals(SECOND, slack.told());
  }

  @Test
  void oneChannelThatHangsHoldsUpNoOther() throws InterruptedException {
    slack.shut();
    hand(slack, FIRST);
    slack.awaitCall();
    hand(log, FIRST);
    assertEquals(FIRST, log.told());
  }

  @Test
  void whatIsForAChannelThatIsNotThereIsDropped() {
    crier.accept(new Command.Notify("pager", List.of(FIRST)));
    assertTrue(answers.isEmpty());
  }

  /** A channel that a test can shut, so that calls hang, and have fail. */
  private static final class Channel implements Notifier {
    final String name;
    final BlockingQueue<String> conversations = new LinkedBlockingQueue<>();
    private final BlockingQueue<Notice> told = new LinkedBlockingQueue<>();
    private final BlockingQueue<Notice> calls = new LinkedBlockingQueue<>();
    private final BlockingQueue<Supplier<RuntimeException>> failures = new LinkedBlockingQueue<>();

    /** Holds a token while the channel is open. */
    private final BlockingQueue<Boolean> gate = new ArrayBlockingQueue<>(1, false, List.of(true));

    Channel(String name) {
      this.name = name;
    }

    void shut() throws InterruptedException {
      gate.take();
    }

    void open() {
      gate.offer(true);
    }

    void fails(Supplier<RuntimeException> failure) {
      failures.add(failure);
    }

    Notice told() throws InterruptedException {
      return Optional.ofNullable(told.poll(10, TimeUnit.SECONDS)).orElseThrow();
    }

    void awaitCall() throws InterruptedException {
      assertNotNull(calls.poll(10, TimeUnit.SECONDS));
    }

    /** What the crier says is amiss, once it does, or no longer does. */
    Optional<String> troubleOnce(Crier crier, boolean amiss) {
      Eventually.holds(
          amiss ? "the crier says what is amiss" : "nothing is amiss any more",
          Duration.ofSeconds(10),
          () -> crier.trouble().isPresent() == amiss);
      return crier.trouble();
    }

    @Override
    public String channel() {
      return name;
    }

    @Override
    public Optional<String> deliver(Notice notice, Optional<String> thread) {
      calls.add(notice);
      try {
        gate.put(gate.take());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      Supplier<RuntimeException> failure = failures.poll();
      if (failure != null) {
        throw failure.get();
      }
      thread.ifPresent(conversations::add);
      told.add(notice);
      return Optional.of("thread");
    }
  }
}
