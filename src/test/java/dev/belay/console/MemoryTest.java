package dev.belay.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.core.engine.Event;
import dev.belay.core.remediation.ActionId;
import dev.belay.port.Journal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class MemoryTest {
  private final FakeEngine engine = new FakeEngine();
  private final List<Journal.Entry> durable = new ArrayList<>();
  private Memory memory = new Memory((_, _, _) -> {}, FakeEngine.START);
  private Caller caller = new Caller(_ -> {});

  @BeforeEach
  void open() {
    reopen(FakeEngine.START);
  }

  @AfterEach
  void close() {
    caller.close();
  }

  /** A memory that begins at this moment; what was before is in the journal. */
  private void reopen(Instant started) {
    caller.close();
    memory = new Memory(engine::history, started);
    caller = new Caller(router -> memory.mount(router));
    durable.clear();
    durable.addAll(engine.entries);
  }

  /** Hands on what became durable since. */
  private void note() {
    memory.accept(List.copyOf(engine.entries.subList(durable.size(), engine.entries.size())));
    durable.clear();
    durable.addAll(engine.entries);
  }

  private JsonNode get(String path) {
    return JsonMapper.shared().readTree(caller.get(path).body());
  }

  private void rolledBack() {
    engine.badRelease().obey().pass(Duration.ofSeconds(30)).obey().pass(Duration.ofSeconds(2));
    engine.obey();
  }

  @Test
  void aRemediationsRecordTellsHowOftenItActedAndWasRight() {
    rolledBack();
    note();
    JsonNode record = get("/api/v1/records").path("records").path(0);
    assertEquals("bad-release", record.path("remediation").asString());
    assertEquals(1, record.path("began").asInt());
    assertEquals(1, record.path("acted").asInt());
    assertEquals(0, record.path("right").asInt() + record.path("wrong").asInt());
    engine.pass(Duration.ofMinutes(4));
    note();
    record = get("/api/v1/records").path("records").path(0);
    assertEquals(0, record.path("right").asInt());
    assertEquals(1, record.path("wrong").asInt());
  }

  /** Two gigabytes of it take minutes; the first question had kept a worker for as long. */
  @Test
  void aMonthIsReadStretchByStretchAndInOrder() {
    List<Instant> began = Collections.synchronizedList(new ArrayList<>());
    List<Duration> stretches = Collections.synchronizedList(new ArrayList<>());
    caller.close();
    memory =
        new Memory(
            (from, to, each) -> {
              began.add(from);
              stretches.add(Duration.between(from, to));
              engine.history(from, to, each);
            },
            FakeEngine.START);
    caller = new Caller(router -> memory.mount(router));
    assertEquals(0, get("/api/v1/audit").path("deeds").size());
    assertEquals(Duration.ofDays(30), stretches.stream().reduce(Duration.ZERO, Duration::plus));
    assertEquals(Duration.ofHours(6), stretches.stream().max(Duration::compareTo).orElseThrow());
    assertEquals(began.stream().sorted().distinct().toList(), began);
    get("/api/v1/records");
    assertEquals(120, began.size(), "it is read once");
  }

  @Test
  void anObjectionIsCountedAndThePersonNamed() {
    engine.badRelease().obey().pass(Duration.ofSeconds(10));
    engine.handle(new Event.Vetoed("covet-1", engine.runningAction(), "ada"));
    engine.handle(new Event.HoldAsked("grace", "a move"));
    note();
    assertEquals(1, get("/api/v1/records").path("records").path(0).path("vetoed").asInt());
    JsonNode deeds = get("/api/v1/audit").path("deeds");
    assertEquals(List.of("held", "person_vetoed"), deeds.findValuesAsString("did"));
    assertEquals("ada", deeds.path(1).path("person").asString());
    assertEquals("covet-1", deeds.path(1).path("incident").asString());
    assertFalse(deeds.path(0).has("service"));
    assertEquals(1, get("/api/v1/audit?limit=1").path("deeds").size());
  }

  /** It was counted as a refusal, which is for other reasons. */
  @Test
  void anObjectionToWhatAHoldHasStoppedIsCountedAsOneToo() {
    engine.badRelease().obey().pass(Duration.ofSeconds(10));
    ActionId asked = engine.runningAction();
    engine.handle(new Event.HoldAsked("grace", "a move"));
    note();
    int refused = get("/api/v1/records").path("records").path(0).path("refused").asInt();
    engine.handle(new Event.Vetoed("covet-1", asked, "ada"));
    engine.handle(new Event.HoldEnded("grace"));
    engine.pass(Duration.ofMinutes(5));
    note();
    JsonNode record = get("/api/v1/records").path("records").path(0);
    assertEquals(1, record.path("vetoed").asInt(), record.toString());
    assertEquals(refused, record.path("refused").asInt(), record.toString());
    assertEquals(0, record.path("acted").asInt(), record.toString());
  }

  @Test
  void whoWasNotAllowedIsNamedTooAndCountsNothing() {
    engine.badRelease().obey().pass(Duration.ofSeconds(10));
    engine.handle(
        new Event.AnswerForbidden(
            "covet-1", "eve: the second (Slack U0EVE)", "approve", "nobody may"));
    note();
    JsonNode deed = get("/api/v1/audit").path("deeds").path(0);
    assertEquals("answer_forbidden", deed.path("did").asString());
    assertEquals("eve: the second (Slack U0EVE)", deed.path("person").asString());
    assertEquals("covet-1", deed.path("incident").asString());
    assertFalse(deed.path("sentence").asString().isEmpty());
    assertEquals(0, get("/api/v1/records").path("records").path(0).path("refused").asInt());
  }

  @Test
  void whoHadRulesReadAnewIsNamedBeItInVain() {
    engine.pass(Duration.ofSeconds(1));
    engine.handle(new Event.ReloadRefused("SIGHUP", "aaa", "pay.yml:2:1: no such key"));
    engine.handle(new Event.ReloadAccepted("ada", "aaa", "bbb", List.of()));
    note();
    JsonNode deeds = get("/api/v1/audit").path("deeds");
    assertEquals(List.of("reload_accepted", "reload_refused"), deeds.findValuesAsString("did"));
    assertEquals(List.of("ada", "SIGHUP"), deeds.findValuesAsString("person"));
    assertTrue(deeds.path(0).path("sentence").asString().contains("rules bbb instead of aaa"));
    assertTrue(deeds.path(1).path("sentence").asString().contains("pay.yml:2:1"));
  }

  /** What the journal held at the start and what came since make one record. */
  @Test
  void aRestartInTheMiddleOfARemediationLosesAndDoublesNothing() throws Exception {
    engine.badRelease().obey().pass(Duration.ofSeconds(10));
    reopen(engine.clock().instant().plusMillis(1));
    engine
        .ask(
            state -> {
              memory.begin(state);
              return true;
            })
        .toCompletableFuture()
        .get();
    engine.pass(Duration.ofSeconds(30)).obey().pass(Duration.ofSeconds(2)).obey();
    engine.pass(Duration.ofMinutes(4));
    note();
    JsonNode record = get("/api/v1/records").path("records").path(0);
    assertEquals(1, record.path("began").asInt(), record.toString());
    assertEquals(1, record.path("acted").asInt(), record.toString());
    assertEquals(1, record.path("wrong").asInt(), record.toString());
  }
}
