package dev.belay.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.controlplane.Eventually;
import dev.belay.core.engine.Event;
import dev.belay.core.engine.Fact;
import dev.belay.core.engine.State;
import dev.belay.core.incident.Answer;
import dev.belay.core.incident.Evidence;
import dev.belay.core.incident.Reason;
import dev.belay.core.remediation.ActionId;
import dev.belay.intake.slack.Allowed;
import dev.belay.intake.slack.SlackAnswers;
import dev.belay.intake.slack.SlackIntake;
import dev.belay.notify.FakeSlack;
import dev.belay.notify.FakeSlack.Trouble;
import dev.belay.port.Inbox;
import dev.belay.port.InboxFull;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Presses in a fake Slack, by both ways in. */
@Timeout(60)
class SlackAnswersTest {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final String SECRET = "8f742231b10e8888abcd99yyyzzz85a5";
  private static final String PLAN = "00112233445566778899aabbccddeeff";
  private static final String VALUE = "0123456789abcdef " + PLAN + " shop cart-1";
  private static final String ANN = "ann?<!channel> (Slack U0ANN)";

  private final FakeSlack slack = FakeSlack.start();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final List<Event> events = new CopyOnWriteArrayList<>();
  private final State state = new State();
  private final StateQueries queries = new StateQueries(state);
  private volatile boolean full;
  private volatile CompletableFuture<@Nullable Void> written =
      CompletableFuture.completedFuture(null);
  private @Nullable SlackAnswers answers;
  private @Nullable Vertx vertx;

  private final Inbox inbox =
      event -> {
        if (full) {
          return CompletableFuture.<@Nullable Void>failedFuture(new InboxFull("full"));
        }
        events.add(event);
        return written;
      };

  @AfterEach
  void close() {
    if (answers != null) {
      answers.close();
    }
    if (vertx != null) {
      vertx.close().toCompletionStage().toCompletableFuture().join();
    }
    slack.close();
  }

  private SlackAnswers start(Optional<String> appToken, List<String> secrets) {
    SlackAnswers started =
        SlackAnswers.start(
            new SlackIntake(
                slack.endpoint(),
                appToken,
                secrets,
                Map.of(
                    Answer.APPROVE,
                    new Allowed(false, Set.of("U0ANN")),
                    Answer.VETO,
                    new Allowed(true, Set.of()),
                    Answer.SNOOZE,
                    new Allowed(false, Set.of("U0ANN")),
                    Answer.ACKNOWLEDGE,
                    new Allowed(false, Set.of("U0ANN")),
                    Answer.HOLD,
                    new Allowed(false, Set.of("U0BOB")))),
            inbox,
            queries,
            InstantSource.system(),
            Duration.ofMillis(100),
            registry);
    answers = started;
    return started;
  }

  private SlackAnswers connected() {
    SlackAnswers started = start(Optional.of(FakeSlack.APP_TOKEN), List.of());
    Eventually.holds("it is connected", SOON, () -> started.trouble().isEmpty());
    return started;
  }

  private void pressed(String user, String actionId, String value) {
    String envelope = slack.sockets().send(slack.press(user, actionId, value));
    Eventually.holds("it is acknowledged", SOON, () -> slack.sockets().acknowledged(envelope));
  }

  private int presses(String answer, String outcome) {
    return (int)
        registry
            .get("belay.slack.presses")
            .tags("answer", answer, "outcome", outcome)
            .counter()
            .count();
  }

  @Test
  void pressesOverSocketModeAreTheAnswersOfTheApi() {
    connected();
    pressed("U0ANN", "approve", VALUE);
    pressed("U0ANN", "veto", VALUE);
    pressed("U0ANN", "snooze", VALUE);
    ActionId action = new ActionId("0123456789abcdef");
    assertEquals(
        List.of(
            new Event.Approved("shop cart-1", action, Optional.of(PLAN), ANN),
            new Event.Vetoed("shop cart-1", action, ANN),
            new Event.Snoozed("shop cart-1", ANN, Duration.ofMinutes(30))),
        events);
    assertEquals(1, registry.get("belay.slack.connected").gauge().value());
  }

  @Test
  void aHoldIsForEverythingAndNamesWhereItWasPressed() {
    connected();
    pressed("U0BOB", "hold", VALUE);
    assertEquals(
        List.of(
            new Event.HoldAsked(
                ANN.replace("U0ANN", "U0BOB"), "a button in Slack, at shop cart-1")),
        events);
    assertEquals(1, presses("hold", "taken"));
    assertEquals(List.of(), slack.whispers(), "nothing is amiss");
  }

  @Test
  void whoWasCalledIsOnItWhetherAnythingIsAskedOrNot() {
    connected();
    pressed("U0ANN", "acknowledge", VALUE);
    pressed("U0ANN", "acknowledge", "- - shop cart-1");
    Event onIt = new Event.Acknowledged("shop cart-1", ANN);
    assertEquals(List.of(onIt, onIt), events);
    assertEquals(2, presses("acknowledge", "taken"));
    pressed("U0EVE", "acknowledge", VALUE);
    assertTrue(events.getLast() instanceof Event.AnswerForbidden, "" + events);
    assertEquals(1, presses("acknowledge", "forbidden"));
  }

  @Test
  void whoIsNotNamedMayNotAndIsToldSoAndNobodyElse() {
    connected();
    pressed("U0EVE", "approve", VALUE);
    pressed("U0ANN", "hold", VALUE);
    assertEquals(2, events.size());
    assertTrue(events.stream().allMatch(Event.AnswerForbidden.class::isInstance), "" + events);
    Eventually.holds("both are told", SOON, () -> slack.whispers().size() == 2);
    String said = slack.whispers().getFirst().toString();
    assertTrue(said.contains("\"response_type\":\"ephemeral\""), said);
    assertTrue(said.contains("slack.allow.approve would have to name U0EVE"), said);
    assertEquals(List.of(), slack.messages());
  }

  @Test
  void everyoneMayWhereThatIsWritten() {
    connected();
    pressed("U0EVE", "veto", VALUE);
    assertTrue(events.getFirst() instanceof Event.Vetoed, "" + events);
  }

  @Test
  void anAnswerThatChangedNothingIsSaidToWhoGaveIt() {
    connected();
    synchronized (state) {
      state.apply(
          new Fact.Decided(
              "shop",
              "shop cart-1",
              "",
              false,
              Reason.ANSWER_TO_ANOTHER_PLAN,
              List.of(new Evidence("answer", ANN + " approved")),
              Instant.now().plusSeconds(60)));
    }
    pressed("U0ANN", "approve", VALUE);
    Eventually.holds("it is said", SOON, () -> slack.whispers().size() == 1);
    assertTrue(
        slack
            .whispers()
            .getFirst()
            .path("text")
            .asString()
            .contains(Reason.ANSWER_TO_ANOTHER_PLAN.sentence()));
  }

  @Test
  void aButtonThatIsOlderThanWhatBelayRemembersSaysSoAndOnlyAHoldIsStillOne() {
    connected();
    for (String answer : List.of("approve", "veto", "snooze", "acknowledge")) {
      int before = slack.whispers().size();
      pressed("U0ANN", answer, VALUE);
      Eventually.holds("it is said", SOON, () -> slack.whispers().size() == before + 1);
      assertEquals(
          "Belay remembers no incident shop cart-1 any more, so nothing was changed.",
          slack.whispers().getLast().path("text").asString());
    }
    int before = slack.whispers().size();
    pressed("U0BOB", "hold", VALUE);
    assertEquals(1, presses("hold", "taken"));
    assertEquals(before, slack.whispers().size());
  }

  @Test
  void anAnswerThatCannotBeTakenIsNotAcknowledged() {
    connected();
    full = true;
    String envelope = slack.sockets().send(slack.press("U0ANN", "veto", VALUE));
    Eventually.holds("it is said", SOON, () -> slack.whispers().size() == 1);
    assertFalse(slack.sockets().acknowledged(envelope));
    full = false;
    pressed("U0ANN", "veto", VALUE);
  }

  @Test
  void whatIsNoButtonOfBelaysIsAcknowledgedAndIgnored() {
    connected();
    pressed("U0ANN", "other", VALUE);
    pressed("U0ANN", "approve", "nonsense");
    pressed("U0ANN", "approve", "- - shop-1");
    pressed("not a user", "approve", VALUE);
    assertEquals(List.of(), events);
  }

  @Test
  void aConnectionThatBreaksIsOpenedAnewAndWhileItIsNotThatIsSaid() {
    SlackAnswers started = connected();
    slack.next(new Trouble.Status(503), new Trouble.Garbage("{"), new Trouble.Refused("busy"));
    slack.sockets().breakAll();
    Eventually.holds(
        "that is said",
        SOON,
        () -> started.trouble().orElse("").contains("presses of buttons do not come in since"));
    Eventually.holds("it is back", SOON, () -> started.trouble().isEmpty());
    pressed("U0ANN", "veto", VALUE);
    assertEquals(1, events.size());
  }

  @Test
  void aConnectionThatSlackWillEndIsReplacedBeforeItEnds() {
    SlackAnswers started = connected();
    slack.sockets().refresh();
    Eventually.holds("there is a new one", SOON, () -> slack.sockets().tickets() == 2);
    Eventually.holds("and only that", SOON, () -> slack.sockets().count() == 1);
    assertEquals(Optional.empty(), started.trouble());
    pressed("U0ANN", "veto", VALUE);
  }

  @Test
  void aPressThatIsBeingWrittenWhenItsConnectionIsReplacedIsStillAcknowledged() {
    connected();
    written = new CompletableFuture<>();
    String envelope = slack.sockets().send(slack.press("U0ANN", "veto", VALUE));
    Eventually.holds("it is being written", SOON, () -> events.size() == 1);
    slack.sockets().refresh();
    Eventually.holds("there is a new one", SOON, () -> slack.sockets().tickets() == 2);
    Eventually.holds("beside the old one", SOON, () -> slack.sockets().count() == 2);
    written.complete(null);
    Eventually.holds("it is known", SOON, () -> slack.sockets().acknowledged(envelope));
    Eventually.holds("the old one is left", SOON, () -> slack.sockets().count() == 1);
  }

  @Test
  void aTokenThatSlackRefusesIsSaidWithItsRemedyAndNotShown() {
    SlackAnswers started = start(Optional.of("xapp-wrong-hush"), List.of());
    Eventually.holds(
        "it is said", SOON, () -> started.trouble().orElse("").contains("invalid_auth"));
    String said = started.trouble().orElseThrow();
    assertTrue(said.contains("give Belay the app-level token"), said);
    assertFalse(said.contains("hush"), said);
    assertEquals(0, registry.get("belay.slack.connected").gauge().value());
  }

  @Test
  void aSignedRequestIsTakenOnceAndAnUnsignedOneNever() throws Exception {
    int port = listening();
    String body = "payload=" + encoded(slack.press("U0ANN", "veto", VALUE).toString());
    String now = Long.toString(Instant.now().getEpochSecond());
    assertEquals(401, post(port, body, now, "v0=" + "0".repeat(64)));
    assertEquals(401, post(port, body, "", ""));
    assertEquals(
        401,
        post(port, body, Long.toString(Instant.now().getEpochSecond() + 400), sign(body, now)));
    assertEquals(List.of(), events);
    assertEquals(200, post(port, body, now, sign(body, now)));
    assertEquals(1, events.size());
    assertEquals(401, post(port, body, now, sign(body, now)), "replayed");
    assertEquals(1, events.size());
    full = true;
    String later = Long.toString(Instant.now().getEpochSecond() + 1);
    assertEquals(503, post(port, body, later, sign(body, later)));
    String large = "payload=" + "a".repeat(300 << 10);
    assertEquals(413, post(port, large, now, sign(large, now)));
  }

  private int listening() {
    SlackAnswers started = start(Optional.empty(), List.of("an older secret", SECRET));
    assertEquals(Optional.empty(), started.trouble());
    Vertx running = Vertx.vertx();
    vertx = running;
    Router router = Router.router(running);
    started.mount(router);
    HttpServer server =
        running
            .createHttpServer()
            .requestHandler(router)
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .join();
    return server.actualPort();
  }

  private static int post(int port, String body, String timestamp, String signature)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/webhooks/slack"))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(body));
    if (!signature.isEmpty()) {
      request.header("X-Slack-Request-Timestamp", timestamp).header("X-Slack-Signature", signature);
    }
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(request.build(), HttpResponse.BodyHandlers.discarding()).statusCode();
    }
  }

  private static String sign(String body, String timestamp) throws Exception {
    return sign(SECRET, body, timestamp);
  }

  /** As Slack signs a request with an app's signing secret. */
  static String sign(String secret, String body, String timestamp) throws Exception {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
    byte[] hash = mac.doFinal(("v0:" + timestamp + ":" + body).getBytes(StandardCharsets.UTF_8));
    return "v0=" + HexFormat.of().formatHex(hash);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
