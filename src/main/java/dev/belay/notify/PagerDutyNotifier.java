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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.json.JsonMapper;

/**
 * PagerDuty's Events API v2. What needs people triggers the incident's alert, with a severity by
 * which a service there can page at once or later; a person's answer acknowledges it, and its end
 * resolves it. All else, what was done first of all, becomes a change event, which pages nobody.
 *
 * <p>What is delivered twice is there once, for all news of one incident has the same {@code
 * dedup_key}, until a person answers. Who acknowledged an alert is not called again by it: what
 * needs people after an answer triggers an alert of its own, in place of the one before.
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

  /**
   * An incident's alert, as later deliveries need to know it.
   *
   * @param number counts up from 1 within the incident
   * @param answered whether a person took it up
   */
  private record Alert(int number, boolean answered) {
    private static final Pattern THREAD = Pattern.compile("([1-9][0-9]{0,8})( answered)?");

    /** The first where the thread names none. */
    static Alert of(Optional<String> thread) {
      return thread
          .map(THREAD::matcher)
          .filter(Matcher::matches)
          .map(read -> new Alert(Integer.parseInt(read.group(1)), read.group(2) != null))
          .orElse(new Alert(1, false));
    }

    String thread() {
      return number + (answered ? " answered" : "");
    }

    Alert taken() {
      return new Alert(number, true);
    }

    Alert next() {
      return new Alert(number + 1, false);
    }
  }

  @Override
  public Optional<String> deliver(Notice notice, Optional<String> thread) {
    Alert alert = Alert.of(thread);
    return switch (deed(notice)) {
      case CRITICAL -> called(notice, "critical", alert);
      case ERROR -> called(notice, "error", alert);
      case WARNING -> called(notice, "warning", alert);
      case ACKNOWLEDGE -> {
        event(notice, "acknowledge", alert, Map.of());
        change(notice);
        yield Optional.of(alert.taken().thread());
      }
      case RESOLVE -> {
        event(notice, "resolve", alert, Map.of());
        change(notice);
        yield thread;
      }
      case CHANGE -> {
        change(notice);
        yield thread;
      }
    };
  }

  private Optional<String> called(Notice notice, String severity, Alert alert) {
    Alert now = alert.answered() ? alert.next() : alert;
    trigger(notice, severity, now);
    if (alert.answered()) {
      event(notice, "resolve", alert, Map.of());
    }
    return Optional.of(now.thread());
  }

  private void trigger(Notice notice, String severity, Alert alert) {
    Map<String, Object> payload = payload(notice);
    payload.put("severity", severity);
    payload.put("component", named(notice.service().isEmpty() ? "belay" : notice.service()));
    payload.put("class", KindWords.of(notice.kind()));
    event(notice, "trigger", alert, Map.of("payload", payload, "client", "Belay"));
  }

  private void event(Notice notice, String action, Alert alert, Map<String, Object> more) {
    Map<String, Object> event = new LinkedHashMap<>();
    event.put("routing_key", settings.routingKey());
    event.put("event_action", action);
    event.put("dedup_key", dedupKey(notice.incident(), alert));
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
  private String dedupKey(String incident, Alert alert) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest((settings.source() + '\n' + incident).getBytes(StandardCharsets.UTF_8));
      String key = "belay/" + HexFormat.of().formatHex(hash).substring(0, KEY_LENGTH);
      return alert.number() == 1 ? key : key + "/" + alert.number();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  @Override
  public void close() {
    post.close();
  }
}
