package dev.belay.notify;

import dev.belay.core.incident.Notice;
import dev.belay.port.Notifier;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/**
 * PagerDuty's Events API v2. What needs people triggers the incident's alert, with a severity by
 * which a service there can page at once or later; a person's answer acknowledges it, and its end
 * resolves it. All else, what was done first of all, becomes a change event, which pages nobody.
 *
 * <p>Every delivery of one incident has the same {@code dedup_key}, so that what is delivered twice
 * is there once.
 */
public final class PagerDutyNotifier implements Notifier {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final int SUMMARY = 1024;
  private static final int NAME = 300;
  private static final int TEXT = 4000;
  private static final int KEY_LENGTH = 32;

  private final String channel;
  private final PagerDutySettings settings;
  private final JsonPost post =
      new JsonPost("PagerDuty", "check the routing key and the address of its Events API");

  /** A client for one service; nothing is sent yet. */
  public PagerDutyNotifier(PagerDutySettings settings) {
    this("pagerduty", settings);
  }

  /**
   * One of several; nothing is sent yet.
   *
   * @param channel the name of this one: at most 20 of a-z, 0-9 and _
   */
  public PagerDutyNotifier(String channel, PagerDutySettings settings) {
    this.channel = channel;
    this.settings = settings;
  }

  /** What becomes of a notice there. */
  private enum Deed {
    CRITICAL,
    ERROR,
    WARNING,
    ACKNOWLEDGE,
    RESOLVE,
    CHANGE
  }

  private static Deed deed(Notice notice) {
    boolean ofAll = notice.service().isEmpty();
    return switch (notice.kind()) {
      case PAGE, BRAKE -> Deed.CRITICAL;
      case PROPOSED, INPUT -> Deed.ERROR;
      case OPENED, COUNTDOWN, HOLD -> Deed.WARNING;
      case ANSWERED -> Deed.ACKNOWLEDGE;
      case CLOSED -> Deed.RESOLVE;
      case RESTORED -> ofAll ? Deed.RESOLVE : Deed.CHANGE;
      case ACTED, PROGRESS, NOT_ACTING -> Deed.CHANGE;
    };
  }

  @Override
  public String channel() {
    return channel;
  }

  @Override
  public Optional<String> deliver(Notice notice, Optional<String> thread) {
    switch (deed(notice)) {
      case CRITICAL -> trigger(notice, "critical");
      case ERROR -> trigger(notice, "error");
      case WARNING -> trigger(notice, "warning");
      case ACKNOWLEDGE -> {
        event(notice, "acknowledge", Map.of());
        change(notice);
      }
      case RESOLVE -> {
        event(notice, "resolve", Map.of());
        change(notice);
      }
      case CHANGE -> change(notice);
    }
    return Optional.empty();
  }

  private void trigger(Notice notice, String severity) {
    Map<String, Object> payload = payload(notice);
    payload.put("severity", severity);
    payload.put("component", named(notice.service().isEmpty() ? "belay" : notice.service()));
    payload.put("class", KindWords.of(notice.kind()));
    event(notice, "trigger", Map.of("payload", payload, "client", "Belay"));
  }

  private void event(Notice notice, String action, Map<String, Object> more) {
    Map<String, Object> event = new LinkedHashMap<>();
    event.put("routing_key", settings.routingKey());
    event.put("event_action", action);
    event.put("dedup_key", dedupKey(notice.incident()));
    event.putAll(more);
    post.send(settings.endpoint().resolve("enqueue"), Map.of(), JSON.writeValueAsString(event));
  }

  private void change(Notice notice) {
    post.send(
        settings.endpoint().resolve("change/enqueue"),
        Map.of(),
        JSON.writeValueAsString(
            Map.of("routing_key", settings.routingKey(), "payload", payload(notice))));
  }

  private Map<String, Object> payload(Notice notice) {
    String headline = ForeignText.oneLine(notice.headline());
    String text = ForeignText.oneLine(notice.text());
    String summary = text.isBlank() ? headline : headline + ": " + text;
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("incident", named(notice.incident()));
    details.put("number", notice.number());
    details.put("kind", KindWords.of(notice.kind()));
    details.put("headline", ForeignText.cut(headline, SUMMARY));
    details.put("text", ForeignText.cut(ForeignText.lines(notice.text()), TEXT));
    notice.until().ifPresent(until -> details.put("until", until.toString()));
    Map<String, Object> payload = new LinkedHashMap<>();
    payload.put(
        "summary",
        ForeignText.cut(
            summary.isBlank() ? "Incident " + named(notice.incident()) : summary, SUMMARY));
    payload.put("source", settings.source());
    payload.put("timestamp", notice.at().toString());
    payload.put("custom_details", details);
    return payload;
  }

  private static String named(String foreign) {
    return ForeignText.cut(ForeignText.oneLine(foreign), NAME);
  }

  /** The source tells one Belay's incidents from another's. */
  private String dedupKey(String incident) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest((settings.source() + '\n' + incident).getBytes(StandardCharsets.UTF_8));
      return "belay/" + HexFormat.of().formatHex(hash).substring(0, KEY_LENGTH);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  @Override
  public void close() {
    post.close();
  }
}
