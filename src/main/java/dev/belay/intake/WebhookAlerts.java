package dev.belay.intake;

import dev.belay.core.alert.Alert;
import dev.belay.core.alert.Door;
import dev.belay.core.alert.Labels;
import dev.belay.core.engine.Event;
import java.time.Instant;
import java.util.Optional;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * The body of Alertmanager's webhook, payload version 4, and of those that copy it: Grafana and
 * Mimir. Reads only what it needs and skips the rest, so that new fields break nothing. The
 * sender's fingerprint is not believed: Belay computes its own from the labels. Safe for use by
 * many threads.
 */
public final class WebhookAlerts {
  private static final String UNLIKE =
      "the body does not look like an Alertmanager webhook of payload version 4: ";
  private static final String REMEDY =
      "; where a payload template is set on the sender, remove it or keep the standard fields";

  private final Json json;
  private final IntakeLimits limits;
  private final Texts texts = new Texts();

  /** A parser with these limits. */
  public WebhookAlerts(IntakeLimits limits) {
    this.limits = limits;
    this.json = new Json(limits.bodyBytes());
  }

  /**
   * Reads a body. Alerts that are invalid are left out, complained of, and counted with those that
   * the sender cut off: what is missing must not look resolved.
   *
   * @param receivedAt now, by Belay's clock
   */
  public Parsed parse(byte[] body, Instant receivedAt) {
    return json.reading(body, stream -> read(stream, receivedAt));
  }

  private Parsed read(JsonParser stream, Instant receivedAt) {
    if (stream.nextToken() != JsonToken.START_OBJECT) {
      throw unlike("it must be a JSON object with the field \"alerts\"");
    }
    AlertArray array = new AlertArray();
    boolean seen = false;
    long truncated = 0;
    for (String name = stream.nextName(); name != null; name = stream.nextName()) {
      JsonToken value = stream.nextToken();
      switch (name) {
        case "alerts" -> {
          if (value != JsonToken.START_ARRAY || seen) {
            throw unlike("the field \"alerts\" must be one array");
          }
          seen = true;
          array.read(stream, limits, texts, raw -> judge(raw, receivedAt));
        }
        case "truncatedAlerts" -> truncated = truncated(stream, value);
        default -> stream.skipChildren();
      }
    }
    if (stream.nextToken() != null) {
      throw unlike("text follows the JSON object");
    }
    if (!seen) {
      throw unlike("the field \"alerts\" is missing");
    }
    return result(array, truncated);
  }

  private static Parsed result(AlertArray array, long truncated) {
    Optional<String> complaint = array.complaint().map(text -> UNLIKE + text + REMEDY);
    if (!array.alerts().isEmpty()) {
      long hidden = Math.min(truncated, Long.MAX_VALUE - array.invalid()) + array.invalid();
      return new Parsed.Taken(
          new Event.AlertsReceived(Door.WEBHOOK, array.alerts(), hidden), complaint);
    }
    if (complaint.isPresent()) {
      return new Parsed.Refused(Parsed.Refusal.INVALID, complaint.get());
    }
    return new Parsed.Ignored(Parsed.Ignorance.EMPTY);
  }

  private Alert judge(RawAlert raw, Instant receivedAt) {
    Labels labels = raw.labels();
    if (labels.size() == 0) {
      throw new AlertArray.InvalidAlert("the field \"labels\" is missing or empty");
    }
    Instant startsAt = Stamps.notAhead(raw.startsAt().orElse(receivedAt), receivedAt);
    return switch (raw.status()) {
      case "firing" ->
          new Alert(
              labels,
              raw.annotations(),
              true,
              startsAt,
              Optional.empty(),
              receivedAt.plus(limits.webhookStaleAfter()),
              raw.generatorUrl());
      case "resolved" -> {
        Instant said = Stamps.notAhead(raw.endsAt().orElse(receivedAt), receivedAt);
        Instant endsAt = said.isBefore(startsAt) ? startsAt : said;
        yield new Alert(
            labels,
            raw.annotations(),
            false,
            startsAt,
            Optional.of(endsAt),
            endsAt,
            raw.generatorUrl());
      }
      default ->
          throw new AlertArray.InvalidAlert(
              "the field \"status\" must be \"firing\" or \"resolved\"");
    };
  }

  private static long truncated(JsonParser stream, JsonToken value) {
    if (value == JsonToken.VALUE_NULL) {
      return 0;
    }
    if (value != JsonToken.VALUE_NUMBER_INT) {
      throw unlike("the field \"truncatedAlerts\" must be a whole number");
    }
    // It is an unsigned 64-bit number; the cast stops at the largest long.
    return Math.max(0, (long) stream.getDoubleValue());
  }

  private static RefusedBody unlike(String what) {
    return new RefusedBody(Parsed.Refusal.UNRECOGNIZED, UNLIKE + what + REMEDY);
  }
}
