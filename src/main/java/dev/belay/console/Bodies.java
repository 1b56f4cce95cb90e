package dev.belay.console;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;

/** Reads the small JSON bodies that people's answers have; what cannot be read is refused. */
final class Bodies {
  private static final String JSON = "application/json";

  private Bodies() {}

  /** The body; an empty one where nothing was sent. */
  static JsonObject of(RoutingContext ctx) {
    String type = ctx.request().getHeader("Content-Type");
    if (type != null && !type.startsWith(JSON)) {
      throw new Refusal(415, "Send JSON, with Content-Type: application/json.");
    }
    return read(ctx);
  }

  /** The body where it is said to be JSON; an empty one where it is not. */
  static JsonObject ifAny(RoutingContext ctx) {
    String type = ctx.request().getHeader("Content-Type");
    return type != null && type.startsWith(JSON) ? read(ctx) : new JsonObject();
  }

  private static JsonObject read(RoutingContext ctx) {
    Buffer buffer = ctx.body().buffer();
    if (buffer == null || buffer.length() == 0) {
      return new JsonObject();
    }
    try {
      return new JsonObject(buffer);
    } catch (DecodeException | ClassCastException e) {
      throw new Refusal(400, "The body must be a JSON object.");
    }
  }

  /** A member's text on one line; empty where it is absent. */
  static String text(JsonObject body, String member, int atMost) {
    Object value = body.getValue(member, "");
    if (!(value instanceof String text) || text.length() > atMost) {
      throw new Refusal(400, member + " must be a text of at most " + atMost + " characters.");
    }
    return Printable.of(text.strip());
  }
}
