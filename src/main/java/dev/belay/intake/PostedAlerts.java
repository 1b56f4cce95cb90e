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
 * The body of {@code POST /api/v2/alerts}, by Alertmanager's own rules ({@code api/v2/api.go}):
 * what Prometheus, vmalert, and the rulers of Loki, Mimir and Thanos send. Safe for use by many
 * threads.
 */
public final class PostedAlerts {
  private final Json json;
  private final IntakeLimits limits;
  private final Texts texts = new Texts();

  /** A parser with these limits. */
  public PostedAlerts(IntakeLimits limits) {
    this.limits = limits;
    this.json = new Json(limits.bodyBytes());
  }

  /**
   * Reads a body. Alerts that are invalid are left out and complained of.
   *
   * @param receivedAt now, by Belay's time
   * @param machine now, by the machine's clock, which is earlier where it was put back: by it, as
   *     it is shared with the sender, an end that the sender names has come or not
   */
  public Parsed parse(byte[] body, Instant receivedAt, Instant machine) {
    return json.reading(body, stream -> read(stream, receivedAt, machine));
  }

  private Parsed read(JsonParser stream, Instant receivedAt, Instant machine) {
    if (stream.nextToken() != JsonToken.START_ARRAY) {
      throw new RefusedBody(
          Parsed.Refusal.UNRECOGNIZED,
          "the body must be a JSON array of alerts (a webhook's body goes to"
              + " /webhooks/alertmanager)");
    }
    AlertArray array = new AlertArray();
    array.read(stream, limits, texts, raw -> judge(raw, receivedAt, machine));
    if (stream.nextToken() != null) {
      throw new RefusedBody(Parsed.Refusal.UNRECOGNIZED, "text follows the JSON array");
    }
    Optional<String> complaint = array.complaint();
    if (!array.alerts().isEmpty()) {
      return new Parsed.Taken(new Event.AlertsReceived(Door.API_V2, array.alerts(), 0), complaint);
    }
    if (complaint.isPresent()) {
      return new Parsed.Refused(Parsed.Refusal.INVALID, complaint.get());
    }
    return new Parsed.Ignored(Parsed.Ignorance.EMPTY);
  }

  private Alert judge(RawAlert raw, Instant receivedAt, Instant machine) {
    Labels labels = raw.labels();
    if (labels.size() == 0) {
      throw new AlertArray.InvalidAlert("at least one label with a value is required");
    }
    Instant said = raw.startsAt().or(raw::endsAt).orElse(receivedAt);
    Instant endsAt = raw.endsAt().orElseGet(() -> receivedAt.plus(limits.resolveTimeout()));
    if (endsAt.isBefore(said)) {
      throw new AlertArray.InvalidAlert("endsAt is before startsAt");
    }
    Instant startsAt = Stamps.notAhead(said, receivedAt);
    boolean firing = endsAt.isAfter(machine);
    return new Alert(
        labels,
        raw.annotations(),
        firing,
        startsAt,
        firing ? Optional.empty() : Optional.of(endsAt),
        endsAt,
        raw.generatorUrl());
  }
}
