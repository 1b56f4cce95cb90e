package dev.belay.notify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.core.incident.Notice;
import dev.belay.port.Notifier;
import dev.belay.port.NotifierContract;
import dev.belay.port.NotifierFailed;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

@Timeout(30)
class WebhookNotifierTest extends NotifierContract {
  private static final List<String> SECRETS =
      List.of("the new secret of 2026", "the old secret!!!");
  private static final Instant NOW = Instant.ofEpochSecond(1_700_000_000);

  private final FakeReceiver receiver = new FakeReceiver(_ -> Optional.empty());
  private final WebhookNotifier notifier =
      new WebhookNotifier(new WebhookSettings(receiver.address("/hook"), SECRETS), () -> NOW);

  @AfterEach
  void close() {
    notifier.close();
    receiver.close();
  }

  @Override
  protected Notifier notifier() {
    return notifier;
  }

  @Override
  protected List<String> conversations() {
    Map<String, StringBuilder> conversations = new LinkedHashMap<>();
    for (FakeReceiver.Got got : receiver.got()) {
      JsonNode json = got.json();
      conversations
          .computeIfAbsent(json.path("incident").asString(), _ -> new StringBuilder())
          .append(json.path("incident").asString())
          .append(json.path("headline").asString())
          .append(json.path("text").asString());
    }
    return conversations.values().stream().map(StringBuilder::toString).toList();
  }

  @Override
  protected void assertHarmless(String got) {
    assertFalse(got.contains("\u001b") || got.contains("\u202e") || got.contains("\r"), got);
  }

  @Test
  void everySecretSignsIdTimeAndBody() throws Exception {
    notifier.deliver(notice("covet-1", 1, Notice.Kind.PAGE, "wake up"), Optional.empty());
    FakeReceiver.Got got = receiver.got().getFirst();
    String id = got.headers().get("X-Belay-Id");
    assertEquals(got.json().path("id").asString(), id);
    StringBuilder expected = new StringBuilder();
    for (String secret : SECRETS) {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      byte[] hash =
          mac.doFinal((id + ".1700000000." + got.body()).getBytes(StandardCharsets.UTF_8));
      expected
          .append(expected.isEmpty() ? "" : " ")
          .append("v1,t=1700000000,")
          .append(HexFormat.of().formatHex(hash));
    }
    assertEquals(expected.toString(), got.headers().get("X-Belay-Signature"));
  }

  @Test
  void whatIsDeliveredTwiceHasOneIdAndIsOneBody() {
    Notice notice = notice("covet-1", 1, Notice.Kind.PAGE, "wake up");
    notifier.deliver(notice, Optional.empty());
    notifier.deliver(notice, Optional.empty());
    assertEquals(receiver.got().get(0).body(), receiver.got().get(1).body());
    assertEquals("page", receiver.got().get(0).json().path("kind").asString());
  }

  @Test
  void anIdHoldsNothingThatCouldBeAHeader() {
    notifier.deliver(hostileIncident(), Optional.empty());
    String id = Objects.requireNonNull(receiver.got().getFirst().headers().get("X-Belay-Id"));
    assertTrue(id.matches("[A-Za-z0-9._:/-]+"), id);
  }

  private static Notice hostileIncident() {
    return new Notice(HOSTILE, 1, Notice.Kind.PAGE, "covet", "h", "t", NOW, Optional.empty());
  }

  @Test
  void aRefusalNeedsSomebodyAndAnErrorPasses() {
    receiver.next(404, Map.of(), "");
    assertTrue(failure().permanent());
    receiver.next(500, Map.of(), "");
    assertFalse(failure().permanent());
  }

  private NotifierFailed failure() {
    return assertThrows(
        NotifierFailed.class,
        () -> notifier.deliver(notice("covet-1", 1, Notice.Kind.PAGE, "x"), Optional.empty()));
  }

  @Test
  void aSecretThatCanBeGuessedIsRefused() {
    assertThrows(
        IllegalArgumentException.class,
        () -> new WebhookSettings(receiver.address("/"), List.of("short")));
    assertThrows(
        IllegalArgumentException.class,
        () -> new WebhookSettings(receiver.address("/"), List.of()));
  }
}
