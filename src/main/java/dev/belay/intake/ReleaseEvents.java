package dev.belay.intake;

import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import tools.jackson.core.JacksonException;

/**
 * Release events: CDEvents 0.1 to 0.5 and Belay's simple JSON, each bare or in a CloudEvent, binary
 * or structured. Batches of CloudEvents are refused: their events could be taken in part only. Safe
 * for use by many threads.
 */
public final class ReleaseEvents {
  private final Json json;

  /** A parser with these limits. */
  public ReleaseEvents(IntakeLimits limits) {
    this.json = new Json(limits.bodyBytes());
  }

  /**
   * Reads a body.
   *
   * @param contentType as sent, or empty
   * @param attributes the CloudEvents attributes of binary mode, their names in lower case and
   *     without the transport's prefix; empty where there are none
   * @param receivedAt now, by Belay's clock
   */
  public Parsed parse(
      String contentType, Map<String, String> attributes, byte[] body, Instant receivedAt) {
    String type = contentType.strip().toLowerCase(Locale.ROOT);
    try {
      if (CloudEvent.batch(type)) {
        throw new RefusedBody(
            Parsed.Refusal.UNSUPPORTED,
            "batches of CloudEvents are not taken: send one event per request");
      }
      Fields event = Fields.ofBody(json.tree(body));
      if (CloudEvent.structured(type)) {
        return release(CloudEvent.data(event, json), CloudEvent.envelope(event), receivedAt);
      }
      return release(event, CloudEvent.envelope(attributes), receivedAt);
    } catch (RefusedBody e) {
      return e.refused();
    } catch (JacksonException e) {
      return Json.malformed(e);
    }
  }

  private static Parsed release(Fields body, CloudEvent.Envelope envelope, Instant receivedAt) {
    if (envelope.source().filter(Releases::own).isPresent()) {
      return new Parsed.Ignored(Parsed.Ignorance.OWN);
    }
    if (CdEvent.is(body)) {
      return CdEvent.parse(body, receivedAt);
    }
    if (CloudEvent.undeclared(body)) {
      throw new RefusedBody(
          Parsed.Refusal.UNRECOGNIZED,
          "this looks like a structured CloudEvent: send it with Content-Type:"
              + " application/cloudevents+json");
    }
    return SimpleRelease.parse(body, envelope, receivedAt);
  }
}
