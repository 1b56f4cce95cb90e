package dev.belay.intake.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.core.engine.Core;
import dev.belay.core.engine.Decision;
import dev.belay.core.engine.Event;
import dev.belay.core.engine.Fact;
import dev.belay.core.engine.Input;
import dev.belay.core.engine.Listening;
import dev.belay.core.engine.Settings;
import dev.belay.core.engine.State;
import dev.belay.core.incident.Notice;
import dev.belay.core.rule.Fleet;
import dev.belay.core.rule.Probe;
import dev.belay.core.rule.RuleSet;
import dev.belay.core.rule.Service;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who cannot be asked for long is named. */
class UnaskedTest {
  private static final Instant START = Instant.parse("2026-11-24T03:00:00Z");
  private static final Duration STEP = Duration.ofSeconds(30);
  private static final Result UNKNOWN = new Result.Unknown("its name does not resolve");
  private static final String NOWHERE = "http://nowhere.invalid/health";

  private final Vertx vertx = Vertx.vertx();
  private final AtomicReference<Instant> now = new AtomicReference<>(START);
  private final BlockingQueue<Event.ProbesSeen> said = new LinkedBlockingQueue<>();

  @AfterEach
  void stop() {
    vertx.close().await();
  }

  // ---- who

  private static Probe every(Duration every, Duration timeout) {
    return new Probe(NOWHERE, every, timeout, every.multipliedBy(10), Optional.empty());
  }

  private static boolean lost(LastKnown last, Probe probe, Duration after) {
    return !Unasked.seen(List.of(new Unasked.Asked("shop", probe, last)), START.plus(after))
        .services()
        .isEmpty();
  }

  @Test
  void whoCouldNotBeAskedForTwoMinutesIsNamed() {
    Probe probe = every(Duration.ofSeconds(10), Duration.ofSeconds(1));
    LastKnown last =
        LastKnown.none(START)
            .after(START.plusSeconds(10), UNKNOWN)
            .after(START.plusSeconds(110), UNKNOWN);
    assertFalse(lost(last, probe, Duration.ofSeconds(119)));
    assertTrue(lost(last, probe, Duration.ofMinutes(2)));
  }

  @Test
  void anAnswerOfWhateverKindIsKnown() {
    Probe probe = every(Duration.ofSeconds(10), Duration.ofSeconds(1));
    LastKnown last = LastKnown.none(START).after(START.plusSeconds(300), UNKNOWN);
    assertTrue(lost(last, probe, Duration.ofMinutes(5)));
    for (Result known :
        List.of(new Result.Well(Duration.ofMillis(1)), new Result.Unwell("it answers 503"))) {
      assertFalse(lost(last.after(START.plusSeconds(300), known), probe, Duration.ofHours(9)));
    }
  }

  @Test
  void oneProbeThatSaysNothingIsNotEnoughHoweverRareTheyAre() {
    Probe probe = every(Duration.ofMinutes(10), Duration.ofMinutes(10));
    LastKnown last = LastKnown.none(START).after(START.plusSeconds(600), UNKNOWN);
    assertFalse(lost(last, probe, Duration.ofMinutes(30).minusMillis(1)));
    assertTrue(lost(last, probe, Duration.ofMinutes(30)));
  }

  @Test
  void aPauseInWhichNobodyAskedMakesNobodyUnknown() {
    Probe probe = every(Duration.ofSeconds(10), Duration.ofSeconds(1));
    LastKnown last = LastKnown.none(START);
    assertFalse(lost(last, probe, Duration.ofHours(9)));
  }

  @Test
  void severalAreNamedByTheFirstOfThemAndTheirNumber() {
    Probe probe = every(Duration.ofSeconds(10), Duration.ofSeconds(1));
    LastKnown last = LastKnown.none(START).after(START, UNKNOWN);
    Event.ProbesSeen seen =
        Unasked.seen(
            List.of(
                new Unasked.Asked("shop", probe, last),
                new Unasked.Asked("well", probe, LastKnown.none(START)),
                new Unasked.Asked("pay", probe, last)),
            START.plusSeconds(600));
    assertEquals(
        new Event.ProbesSeen(
            Optional.of(
                "no probe says anything of pay (its name does not resolve), and as little of 1"
                    + " more"),
            Set.of("pay", "shop")),
        seen);
  }

  @Test
  void probesAreExpectedWhereARuleOrAFleetHasThemAndNowhereElse() {
    Service shop = shop(NOWHERE);
    Fleet fleet = new Fleet("all", Fleet.OBSERVED.selector(), shop);
    Service idle = shop.withTriggers(_ -> false);
    assertTrue(new RuleSet(List.of(), List.of(), List.of(shop)).probed(true));
    assertTrue(new RuleSet(List.of(), List.of(), List.of(), List.of(fleet)).probed(true));
    assertFalse(new RuleSet(List.of(), List.of(), List.of(idle)).probed(true));
    assertFalse(RuleSet.EMPTY.orObserving().probed(false));
  }

  // ---- by the network

  private Service shop(String url) {
    Probe probe =
        new Probe(
            url,
            Duration.ofMillis(100),
            Duration.ofSeconds(20),
            Duration.ofSeconds(10),
            Optional.empty());
    return ProbeVerticleTest.service("shop", probe);
  }

  private String well() {
    int port =
        vertx
            .createHttpServer()
            .requestHandler(request -> request.response().end())
            .listen(0, "127.0.0.1")
            .await()
            .actualPort();
    return "http://127.0.0.1:" + port;
  }

  private ProbeVerticle probing(List<Service> services, Set<String> before) {
    ProbeVerticle probes =
        new ProbeVerticle(
            services,
            false,
            before,
            Duration.ofMillis(100),
            event -> {
              if (event instanceof Event.ProbesSeen seen) {
                said.add(seen);
              }
              return CompletableFuture.<@Nullable Void>completedFuture(null);
            },
            now::get,
            new SimpleMeterRegistry());
    vertx.deployVerticle(probes).await();
    return probes;
  }

  /** What is said next, and half a minute passes. */
  private Event.ProbesSeen next() throws InterruptedException {
    Event.ProbesSeen seen = said.poll(20, TimeUnit.SECONDS);
    assertNotNull(seen, "nothing is said");
    now.updateAndGet(was -> was.plus(STEP));
    return seen;
  }

  private void await(Predicate<Event.ProbesSeen> what) throws InterruptedException {
    for (int i = 0; !what.test(next()); i++) {
      assertTrue(i < 200, "it is never said");
    }
  }

  @Test
  void whereNothingIsProbedYetThereIsASignOfLife() throws InterruptedException {
    probing(List.of(), Set.of());
    assertEquals(new Event.ProbesSeen(Optional.empty(), Set.of()), next());
  }

  @Test
  void whoCouldNotBeAskedBeforeTheStartIsNotUntilAProbeSaysSomething() throws InterruptedException {
    ProbeVerticle probes = probing(List.of(shop(NOWHERE)), Set.of("shop", "gone"));
    assertEquals(Set.of("shop"), next().services());
    probes.follow(List.of(shop(well())));
    await(seen -> seen.services().isEmpty());
  }

  @Test
  void aNewAddressAloneIsNoAnswer() throws InterruptedException {
    ProbeVerticle probes = probing(List.of(shop(NOWHERE)), Set.of());
    await(seen -> seen.services().contains("shop"));
    probes.follow(List.of(shop("http://elsewhere.invalid/health")));
    for (int i = 0; i < 8; i++) {
      assertEquals(Set.of("shop"), next().services());
    }
  }

  @Test
  void aNameThatDoesNotResolveIsToldOnceAndSoIsThatItDoes() throws InterruptedException {
    RuleSet rules = new RuleSet(List.of(), List.of(), List.of(shop(NOWHERE)));
    Core core =
        new Core(rules, Settings.DEFAULT.withListening(Listening.NONE.withProbes()), "", List.of());
    State state = new State();
    List<Fact> facts = new ArrayList<>();
    facts.addAll(core.handle(state, new Event.Started(), now.get()).facts());
    ProbeVerticle probes = probing(rules.services(), Set.of());
    for (int i = 0; i < 60; i++) {
      hear(core, state, facts);
    }
    assertEquals(List.of(true), moves(facts));
    assertEquals(1, notices(facts).size());
    String text = notices(facts).getFirst().text();
    assertTrue(
        text.contains("no probe says anything of shop (its name does not resolve). Until"), text);
    probes.follow(List.of(shop(well())));
    for (int i = 0; i < 60; i++) {
      hear(core, state, facts);
    }
    assertEquals(List.of(true, false), moves(facts));
    assertEquals(2, notices(facts).size());
  }

  private void hear(Core core, State state, List<Fact> facts) throws InterruptedException {
    Event.ProbesSeen seen = next();
    for (Event event : List.of(seen, new Event.TimePassed())) {
      Decision decision = core.handle(state, event, now.get());
      facts.addAll(decision.facts());
    }
  }

  private static List<Boolean> moves(List<Fact> facts) {
    return facts.stream()
        .filter(Fact.InputMoved.class::isInstance)
        .map(Fact.InputMoved.class::cast)
        .filter(moved -> moved.input() == Input.PROBES)
        .map(Fact.InputMoved::silent)
        .toList();
  }

  private static List<Notice> notices(List<Fact> facts) {
    return facts.stream()
        .filter(Fact.NoticeMade.class::isInstance)
        .map(fact -> ((Fact.NoticeMade) fact).notice())
        .toList();
  }
}
