package dev.belay.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.core.alert.Alert;
import dev.belay.core.alert.Door;
import dev.belay.core.alert.Episode;
import dev.belay.core.alert.Labels;
import dev.belay.core.alert.Matcher;
import dev.belay.core.engine.Command;
import dev.belay.core.engine.Core;
import dev.belay.core.engine.Event;
import dev.belay.core.engine.Listening;
import dev.belay.core.engine.Settings;
import dev.belay.core.engine.State;
import dev.belay.core.remediation.Action;
import dev.belay.core.remediation.ConfigMapRef;
import dev.belay.core.remediation.Remediation;
import dev.belay.core.remediation.Step;
import dev.belay.core.rule.Condition;
import dev.belay.core.rule.Limits;
import dev.belay.core.rule.Mode;
import dev.belay.core.rule.RuleSet;
import dev.belay.core.rule.Service;
import dev.belay.port.EventFailed;
import dev.belay.port.InboxFull;
import dev.belay.port.Journal;
import dev.belay.port.JournalFailed;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 2, unit = TimeUnit.MINUTES)
class EngineLoopTest {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  private static final int MAILBOX = 4_096;

  /** Room for some 35 000 alerts; what waits may take a quarter of it. */
  private static final long ALERT_ROOM = 40L << 20;

  private final GatedJournal journal = new GatedJournal();
  private final BlockingQueue<Command> commands = new LinkedBlockingQueue<>();
  private final List<Long> firedWhenReleased = new ArrayList<>();
  private final CompletableFuture<Throwable> death = new CompletableFuture<>();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private volatile boolean broken;
  private volatile Instant clock = NOON;
  private final EngineLoop loop =
      new EngineLoop(
          new Core(rules(), acting()),
          journal,
          new SteadyClock(() -> clock, System::nanoTime),
          (_, _) -> {},
          death::complete,
          new EngineMeters(registry),
          ALERT_ROOM);

  /** Starts, and waits until that is durable. */
  private void start() throws Exception {
    loop.start(
        command -> {
          if (command instanceof Command.Observe) {
            firedWhenReleased.add(journal.fired());
          }
          commands.add(command);
        });
    get(ask());
  }

  @AfterEach
  void end() {
    journal.openGate();
    loop.close();
  }

  @Test
  void acknowledgesAnEventOnlyOnceItsFactsAreDurable() throws Exception {
    start();
    journal.shutGate();
    CompletableFuture<@Nullable Void> alert = offer(alert("Overload"));
    journal.awaitAppend();
    CompletableFuture<Integer> question = ask();
    assertFalse(alert.isDone());
    assertEquals(0, journal.fired());
    assertFalse(question.isDone(), "what is not durable is told to nobody");
    journal.openGate();
    get(alert);
    assertEquals(1, journal.fired());
    assertEquals(1, get(question));
  }

  @Test
  void aJournalThatWantsASnapshotIsGivenOne() throws Exception {
    start();
    get(offer(alert("Overload")));
    assertEquals(0, journal.snapshots());
    journal.wantSnapshots();
    get(offer(alert("Another")));
    await(() -> journal.snapshots() > 0);
  }

  @Test
  void releasesACommandOnlyAfterTheAppend() throws Exception {
    start();
    journal.shutGate();
    CompletableFuture<@Nullable Void> alert = offer(alert("Overload"));
    journal.awaitAppend();
    assertTrue(commands.isEmpty(), commands::toString);
    journal.openGate();
    get(alert);
    awaitObserve();
    get(ask());
    assertEquals(List.of(1L), firedWhenReleased);
  }

  @Test
  void decidesOnTheNextWhileTheDiskIsAtTheLastAndTellsNobodyOfEither() throws Exception {
    start();
    journal.shutGate();
    CompletableFuture<@Nullable Void> first = offer(alert("Overload"));
    journal.awaitAppend();
    CompletableFuture<@Nullable Void> second = offer(alert("Other"));
    awaitTaken();
    assertFalse(first.isDone());
    assertFalse(second.isDone());
    assertTrue(commands.isEmpty(), commands::toString);
    assertEquals(0, journal.fired());
    journal.openGate();
    get(first);
    get(second);
    assertEquals(2, journal.fired());
    awaitObserve();
  }

  @Test
  void whatComesRightAfterAnAnswerIsDecidedOnAheadToo() throws Exception {
    start();
    journal.shutGate();
    CompletableFuture<@Nullable Void> first = offer(alert("First"));
    journal.awaitAppend();
    CompletableFuture<@Nullable Void> second = offer(alert("Second"));
    awaitTaken();
    journal.openGateForThoseWhoWait();
    get(first);
    journal.awaitAppend();
    CompletableFuture<@Nullable Void> third = offer(alert("Third"));
    awaitTaken();
    assertFalse(second.isDone());
    journal.openGate();
    get(second);
    get(third);
  }

  @Test
  void aDiskThatDoesNotAnswerIsNoProgress() throws Exception {
    start();
    journal.shutGate();
    CompletableFuture<@Nullable Void> first = offer(alert("First"));
    journal.awaitAppend();
    CompletableFuture<@Nullable Void> second = offer(alert("Second"));
    Duration patience = Duration.ofMillis(300);
    await(() -> loop.sinceProgress().compareTo(patience) > 0);
    journal.openGate();
    get(first);
    get(second);
    await(() -> loop.sinceProgress().compareTo(patience) < 0);
  }

  @Test
  void aQuestionIsRefusedWhereTheDiskTurnsOutFull() throws Exception {
    start();
    journal.shutGate();
    CompletableFuture<@Nullable Void> first = offer(alert("First"));
    journal.awaitAppend();
    CompletableFuture<Integer> question = ask();
    awaitTaken();
    journal.fullOnce();
    journal.openGate();
    refused(first);
    refused(question);
    await(loop::accepting);
    assertEquals(0, get(ask()));
  }

  @Test
  void itEndsThoughTheDiskTurnsOutFullMeanwhile() throws Exception {
    start();
    journal.shutGate();
    CompletableFuture<@Nullable Void> first = offer(alert("First"));
    journal.awaitAppend();
    CompletableFuture<?> closed = CompletableFuture.runAsync(loop::close);
    journal.fullOnce();
    journal.openGate();
    refused(first);
    get(closed);
    assertFalse(loop.accepting());
    assertEquals(0, journal.fired());
  }

  @Test
  void whereTheDiskIsFullWhatWasDecidedAheadIsRefusedToo() throws Exception {
    start();
    get(offer(alert("Known")));
    journal.shutGate();
    CompletableFuture<@Nullable Void> first = offer(alert("Overload"));
    journal.awaitAppend();
    CompletableFuture<@Nullable Void> ahead = offer(alert("Ahead"));
    awaitTaken();
    journal.fullOnce();
    journal.openGate();
    refused(first);
    refused(ahead);
    assertTrue(commands.isEmpty(), commands::toString);
    await(loop::accepting);
    get(offer(alert("After")));
    assertEquals(List.of("After", "Known"), get(names()));
    assertEquals(2, journal.fired());
    assertFalse(death.isDone(), "a full disk passes");
  }

  @Test
  void whereTheDiskTurnsOutFullWhileAnEventFailsNothingOfEitherIsLeft() throws Exception {
    start();
    get(offer(alert("Known")));
    journal.shutGate();
    CompletableFuture<@Nullable Void> first = offer(alert("Overload"));
    journal.awaitAppend();
    CompletableFuture<@Nullable Void> bad = offer(poison());
    awaitTaken();
    journal.full(true);
    journal.openGate();
    refused(first);
    failed(bad);
    journal.full(false);
    await(loop::accepting);
    assertEquals(List.of("Known"), get(names()));
    assertFalse(death.isDone(), "a full disk passes");
  }

  private CompletableFuture<List<String>> names() {
    return loop.ask(
            state ->
                state.alerts().stream()
                    .map(episode -> episode.labels().get("alertname").orElseThrow())
                    .sorted()
                    .toList())
        .toCompletableFuture();
  }

  @Test
  void anEventThatFailsWhileTheDiskIsAtTheLastOneLeavesThatOneThere() throws Exception {
    start();
    journal.shutGate();
    CompletableFuture<@Nullable Void> first = offer(alert("First"));
    journal.awaitAppend();
    CompletableFuture<@Nullable Void> bad = offer(poison());
    awaitTaken();
    assertFalse(first.isDone());
    journal.openGate();
    get(first);
    failed(bad);
    assertEquals(List.of("First"), get(names()));
    assertEquals(1, journal.recover().alerts().size());
  }

  @Test
  void aFullDiskRefusesEverythingAndKeepsNothingHalf() throws Exception {
    start();
    journal.full(true);
    refused(offer(alert("Overload")));
    assertTrue(loop.shedding());
    assertFalse(loop.accepting());
    refused(offer(alert("Other")));
    assertTrue(commands.isEmpty(), commands::toString);
    assertEquals(0, journal.fired());
    assertFalse(death.isDone(), "a full disk passes");
  }

  @Test
  void recoversByItselfWhenThereIsSpaceAndTakesUpAgain() throws Exception {
    start();
    get(offer(alert("Overload")));
    awaitObserve();
    commands.clear();
    journal.full(true);
    refused(offer(alert("Refused")));
    journal.full(false);
    // Without anything from outside, what was under way is asked for again.
    awaitObserve();
    assertTrue(loop.accepting());
    assertTrue(
        get(loop.ask(state -> state.alert(labels("Refused"))).toCompletableFuture()).isEmpty(),
        "the State is what the disk says");
    get(offer(alert("Refused")));
    assertEquals(2, journal.fired());
  }

  @Test
  void anyOtherFailureOfTheJournalEndsTheLoopAndRefusesEverybody() throws Exception {
    start();
    journal.shutGate();
    CompletableFuture<@Nullable Void> inTheRound = offer(alert("Overload"));
    journal.awaitAppend();
    CompletableFuture<@Nullable Void> waiting = offer(alert("Other"));
    CompletableFuture<Integer> question = ask();
    journal.crashAtNextAppend();
    journal.openGate();
    assertInstanceOf(JournalFailed.class, get(death));
    refused(inTheRound);
    refused(waiting);
    refused(question);
    assertTrue(commands.isEmpty(), commands::toString);
    assertFalse(loop.accepting());
    refused(offer(alert("Late")));
    refused(ask());
  }

  @Test
  void aFullMailboxRefusesAndLosesNothingThatItTook() throws Exception {
    start();
    journal.shutGate();
    CompletableFuture<@Nullable Void> first = offer(alert("First"));
    journal.awaitAppend();
    List<CompletableFuture<@Nullable Void>> taken = new ArrayList<>();
    taken.add(offer(alert("DecidedAhead")));
    awaitTaken();
    for (int i = 0; i < MAILBOX; i++) {
      taken.add(offer(alert("Alert" + i)));
    }
    refused(offer(alert("OneTooMany")));
    refused(ask());
    assertEquals(MAILBOX, loop.waiting());
    journal.openGate();
    get(first);
    for (CompletableFuture<@Nullable Void> each : taken) {
      get(each);
    }
    assertEquals(MAILBOX + 2, journal.fired());
  }

  @Test
  void closeDecidesOnWhatWaits() throws Exception {
    start();
    journal.shutGate();
    CompletableFuture<@Nullable Void> first = offer(alert("First"));
    journal.awaitAppend();
    CompletableFuture<@Nullable Void> second = offer(alert("Second"));
    CompletableFuture<?> closed = CompletableFuture.runAsync(loop::close);
    assertFalse(closed.isDone());
    journal.openGate();
    get(closed);
    get(first);
    get(second);
    assertEquals(2, journal.fired());
    assertFalse(loop.accepting());
    refused(offer(alert("Late")));
    refused(ask());
    assertFalse(death.isDone(), "it was told to end");
  }

  @Test
  void whoComesWhileItEndsIsAnsweredNonetheless() throws Exception {
    start();
    List<CompletableFuture<?>> all = new ArrayList<>();
    CompletableFuture<?> closed = CompletableFuture.runAsync(loop::close);
    while (!closed.isDone()) {
      all.add(offer(new Event.TimePassed()));
      all.add(ask());
    }
    CompletableFuture<?>[] everybody = all.toArray(CompletableFuture<?>[]::new);
    get(CompletableFuture.allOf(everybody).handle((_, _) -> true));
  }

  @Test
  void closeEndsThoughTheLoopIsDeadAndItsMailboxWasFull() throws Exception {
    start();
    journal.shutGate();
    List<CompletableFuture<@Nullable Void>> waiting = new ArrayList<>();
    waiting.add(offer(alert("First")));
    journal.awaitAppend();
    waiting.add(offer(alert("DecidedAhead")));
    awaitTaken();
    for (int i = 0; i < MAILBOX; i++) {
      waiting.add(offer(new Event.TimePassed()));
    }
    journal.crashAtNextAppend();
    journal.openGate();
    get(death);
    for (CompletableFuture<@Nullable Void> each : waiting) {
      refused(each);
    }
    get(CompletableFuture.runAsync(loop::close));
  }

  @Test
  void answersQuestionsAndSurvivesThoseThatFail() throws Exception {
    start();
    get(offer(alert("Overload")));
    assertEquals(1, get(ask()));
    CompletableFuture<Integer> wrong =
        loop.<Integer>ask(
                _ -> {
                  throw new IllegalStateException("a bug of who asks");
                })
            .toCompletableFuture();
    ExecutionException thrown = assertThrows(ExecutionException.class, () -> get(wrong));
    assertInstanceOf(IllegalStateException.class, thrown.getCause());
    assertEquals(1, get(ask()));
    List<Journal.Entry> told = new ArrayList<>();
    loop.history(NOON, NOON.plusSeconds(1), told::add);
    assertEquals(journal.entries(), told);
  }

  @Test
  void takesNothingBeforeTheStart() {
    refused(offer(alert("Early")));
    refused(ask());
  }

  /** One that fails in the middle of being decided on, each time. */
  private static Event poison() {
    List<Alert> alerts = new ArrayList<>(((Event.AlertsReceived) alert("Half")).alerts());
    List<Alert> half =
        new AbstractList<>() {
          @Override
          public Alert get(int index) {
            // Those who weigh it before are not to fail at it.
            if (index > 0 && Thread.currentThread().getName().equals("belay-engine")) {
              throw new IllegalStateException("secret");
            }
            return alerts.getFirst();
          }

          @Override
          public int size() {
            return 2;
          }
        };
    return new Event.AlertsReceived(Door.WEBHOOK, half, 0);
  }

  @Test
  void anEventThatCannotBeDecidedOnIsRefusedAndLeavesNothingBehind() throws Exception {
    start();
    get(offer(alert("First")));
    journal.shutGate();
    CompletableFuture<@Nullable Void> gated = offer(alert("Gated"));
    journal.awaitAppend();
    CompletableFuture<@Nullable Void> before = offer(alert("Before"));
    CompletableFuture<@Nullable Void> bad = offer(poison());
    CompletableFuture<@Nullable Void> after = offer(alert("After"));
    journal.openGate();
    get(gated);
    get(before);
    failed(bad);
    get(after);
    assertEquals(4, get(ask()), "those of the same round are kept");
    assertEquals(4, journal.fired());
    assertEquals(4, journal.recover().alerts().size());
    failed(offer(poison()));
    assertTrue(loop.accepting());
    assertFalse(death.isDone(), "one bad input never stops the daemon");
    assertEquals(2, failures("AlertsReceived"));
    assertEquals(
        Optional.empty(), get(loop.ask(State::hold).toCompletableFuture()), "senders cannot hold");
  }

  private double failures(String event) {
    return registry.get("belay.engine.failures").tag("event", event).counter().count();
  }

  @Test
  void whereTimeCannotPassAnyMoreEverythingIsHeldAndNothingSpins() throws Exception {
    start();
    get(offer(alert("Overload")));
    awaitObserve();
    broken = true;
    for (int failure = 1; failure <= 3; failure++) {
      assertEquals(Optional.empty(), get(loop.ask(State::hold).toCompletableFuture()));
      clock = clock.plusSeconds(16);
      get(ask());
      get(ask());
      assertEquals(failure, failures("Swept") + failures("TimePassed"), "once in 15 s");
    }
    String held = get(loop.ask(State::hold).toCompletableFuture()).orElseThrow();
    assertTrue(held.startsWith("belay: it fails at "), held);
    assertEquals(1, get(ask()), "the State is as it was");
    assertFalse(death.isDone());
    broken = false;
    clock = clock.plusSeconds(16);
    get(ask());
    get(offer(new Event.HoldEnded("ann")));
    assertEquals(Optional.empty(), get(loop.ask(State::hold).toCompletableFuture()));
  }

  @Test
  void timeNeverRunsBackwards() throws Exception {
    start();
    get(offer(alert("First")));
    clock = NOON.minus(Duration.ofHours(1));
    get(offer(alert("Second")));
    clock = NOON.plusSeconds(100);
    get(offer(alert("Third")));
    List<Instant> times =
        journal.entries().stream().map(Journal.Entry::at).skip(1).limit(3).toList();
    assertEquals(NOON, times.getFirst());
    assertFalse(times.get(1).isBefore(NOON), times::toString);
    assertEquals(NOON.plusSeconds(100), times.getLast());
    assertEquals(times.stream().sorted().toList(), times);
  }

  @Test
  void comesRoundSoonThoughTheClockIsPutBack() {
    assertEquals(Duration.ZERO, EngineLoop.until(NOON, NOON.plusSeconds(1)));
    assertEquals(Duration.ofSeconds(3), EngineLoop.until(NOON.plusSeconds(3), NOON));
    assertEquals(Duration.ofSeconds(15), EngineLoop.until(NOON, NOON.minus(Duration.ofHours(1))));
  }

  private CompletableFuture<@Nullable Void> offer(Event event) {
    return loop.offer(event).toCompletableFuture();
  }

  /** How many alerts are known. */
  private CompletableFuture<Integer> ask() {
    CompletionStage<Integer> answer = loop.ask((State state) -> state.alerts().size());
    return answer.toCompletableFuture();
  }

  private static <T extends @Nullable Object> T get(CompletableFuture<T> future)
      throws ExecutionException, InterruptedException, TimeoutException {
    return future.get(30, TimeUnit.SECONDS);
  }

  @Test
  void withoutRoomForNewAlertsThoseThatItKnowsGoOnAndEnd() throws Exception {
    start();
    get(offer(alert("Known")));
    for (int i = 0; !loop.crowded(); i++) {
      get(offer(alerts("New" + i + "-", 5_000, true)));
    }
    refused(offer(alert("Unknown")));
    get(offer(alert("Known")));
    get(offer(alerts("New0-", 5_000, false)));
    assertEquals(
        Optional.of(false),
        get(
            loop.ask(state -> state.alert(labels("New0-7")).map(Episode::firing))
                .toCompletableFuture()));
  }

  @Test
  void theFactsOfALargeEventAreManyEntriesOfOneFlush() throws Exception {
    start();
    get(offer(alerts("A", 1_000, true)));
    assertEquals(1_000, journal.fired());
    assertEquals(
        128, journal.entries().stream().mapToInt(entry -> entry.facts().size()).max().orElse(0));
  }

  @Test
  void whatWaitsForTheEngineIsBoundedInSizeToo() throws Exception {
    start();
    journal.shutGate();
    CompletableFuture<@Nullable Void> first = offer(alert("Overload"));
    journal.awaitAppend();
    CompletableFuture<@Nullable Void> fits = offer(alerts("A", 6_000, true));
    refused(offer(alerts("B", 6_000, true)));
    journal.openGate();
    get(first);
    get(fits);
    get(offer(alerts("B", 6_000, true)));
  }

  private static Event alerts(String prefix, int count, boolean firing) {
    List<Alert> alerts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      alerts.add(
          new Alert(
              labels(prefix + i),
              new TreeMap<>(),
              firing,
              NOON,
              firing ? Optional.empty() : Optional.of(NOON),
              NOON.plus(Duration.ofHours(5)),
              ""));
    }
    return new Event.AlertsReceived(Door.WEBHOOK, alerts, 0);
  }

  private static void refused(CompletableFuture<?> future) {
    ends(future, InboxFull.class);
  }

  private static void failed(CompletableFuture<?> future) {
    ends(future, EventFailed.class);
  }

  private static void ends(CompletableFuture<?> future, Class<?> how) {
    ExecutionException thrown =
        assertThrows(ExecutionException.class, () -> future.get(30, TimeUnit.SECONDS));
    assertInstanceOf(how, thrown.getCause());
  }

  /** Until the engine has taken all that waited. */
  private void awaitTaken() {
    await(() -> loop.waiting() == 0);
  }

  private static void await(BooleanSupplier condition) {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < until, "in vain");
      Thread.onSpinWait();
    }
  }

  private void awaitObserve() throws InterruptedException {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (System.nanoTime() < until) {
      if (commands.poll(1, TimeUnit.SECONDS) instanceof Command.Observe) {
        return;
      }
    }
    throw new AssertionError("the cluster is not looked at");
  }

  private static Event alert(String name) {
    return new Event.AlertsReceived(
        Door.WEBHOOK,
        List.of(
            new Alert(
                labels(name),
                new TreeMap<>(),
                true,
                NOON,
                Optional.empty(),
                NOON.plus(Duration.ofHours(5)),
                "")),
        0);
  }

  private static Labels labels(String name) {
    return Labels.of(Map.of("alertname", name, "app", "shop"));
  }

  private RuleSet rules() {
    List<Matcher> overload =
        new AbstractList<>() {
          @Override
          public Matcher get(int index) {
            if (broken) {
              throw new IllegalStateException("a bug");
            }
            return Matcher.equal("alertname", "Overload");
          }

          @Override
          public int size() {
            return 1;
          }
        };
    Step flags =
        new Step(
            new Action.Flags(
                new ConfigMapRef("shop", "flags"), new TreeMap<>(Map.of("ANALYTICS", "false"))),
            Optional.of(Duration.ofMinutes(30)),
            Optional.of(Duration.ofMinutes(5)));
    Remediation remediation =
        new Remediation(
            "overload",
            List.of(new Condition.AlertMatches(overload)),
            Optional.empty(),
            Mode.ACT,
            List.of(flags));
    Service shop =
        new Service(
            "shop",
            Optional.empty(),
            List.of(Matcher.equal("app", "shop")),
            List.of(),
            List.of(remediation),
            Limits.DEFAULT,
            Service.DEFAULT_SOAK);
    return new RuleSet(List.of(), List.of(), List.of(shop));
  }

  private static Settings acting() {
    Settings standard = Settings.DEFAULT;
    return new Settings(
        Mode.ACT,
        standard.stormServices(),
        standard.stormWindow(),
        standard.actionsPerHour(),
        standard.blindAfter(),
        standard.clusterPatience(),
        standard.settlePatience(),
        standard.intentLife(),
        Settings.DEFAULT.alertRoom(),
        Settings.CrashLoop.DEFAULT,
        Listening.NONE);
  }
}
