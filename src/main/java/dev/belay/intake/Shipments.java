package dev.belay.intake;

import dev.belay.core.release.Shipper;
import java.time.Instant;
import tools.jackson.core.JacksonException;

/**
 * What tools say they shipped, each in its own format: Flux, GitHub, and Argo CD by the template
 * that comes with Belay. Safe for use by many threads.
 */
public final class Shipments {
  private final Json json;

  /** A parser with these limits. */
  public Shipments(IntakeLimits limits) {
    this.json = new Json(limits.bodyBytes());
  }

  /**
   * Reads a body.
   *
   * @param event the event's kind, where the tool says it beside the body; else empty
   * @param receivedAt now, by Belay's clock
   */
  public Parsed parse(Shipper by, String event, byte[] body, Instant receivedAt) {
    try {
      Fields fields = Fields.ofBody(json.tree(body));
      return switch (by) {
        case ARGOCD -> ArgoCdEvent.parse(fields, receivedAt);
        case FLUX -> FluxEvent.parse(fields, receivedAt);
        case GITHUB -> GithubEvent.parse(event, fields, receivedAt);
      };
    } catch (RefusedBody e) {
      return e.refused();
    } catch (JacksonException e) {
      return Json.malformed(e);
    }
  }
}
