package dev.belay.console;

import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Reads query parameters; what cannot be read is refused with a sentence. */
final class Params {
  private static final int LIMIT_DEFAULT = 100;
  private static final int LIMIT_AT_MOST = 1_000;

  private Params() {}

  static Optional<String> text(RoutingContext ctx, String name) {
    List<String> values = ctx.queryParam(name);
    return values.isEmpty() ? Optional.empty() : Optional.of(values.getFirst());
  }

  /** A part of the path. */
  static String path(RoutingContext ctx, String name) {
    return Objects.requireNonNullElse(ctx.pathParam(name), "");
  }

  static int limit(RoutingContext ctx) {
    return limit(ctx, LIMIT_DEFAULT);
  }

  static int limit(RoutingContext ctx, int otherwise) {
    Optional<String> text = text(ctx, "limit");
    if (text.isEmpty()) {
      return otherwise;
    }
    try {
      int limit = Integer.parseInt(text.get());
      if (limit >= 1 && limit <= LIMIT_AT_MOST) {
        return limit;
      }
    } catch (NumberFormatException e) {
      // Falls through to the one refusal below.
    }
    throw new Refusal(400, "limit must be a number from 1 to " + LIMIT_AT_MOST + ".");
  }

  /** How many are passed over before the first that is answered. */
  static int offset(RoutingContext ctx) {
    try {
      int offset = text(ctx, "offset").map(Integer::parseInt).orElse(0);
      if (offset >= 0) {
        return offset;
      }
    } catch (NumberFormatException e) {
      // Falls through to the one refusal below.
    }
    throw new Refusal(400, "offset must be a number from 0 on.");
  }

  static Optional<Boolean> choice(RoutingContext ctx, String name, String yes, String no) {
    Optional<String> text = text(ctx, name);
    if (text.isPresent() && !text.get().equals(yes) && !text.get().equals(no)) {
      throw new Refusal(400, name + " must be " + yes + " or " + no + ".");
    }
    return text.map(yes::equals);
  }

  static Optional<Instant> instant(RoutingContext ctx, String name) {
    try {
      return text(ctx, name).map(Instant::parse);
    } catch (DateTimeParseException e) {
      throw new Refusal(400, name + " must be a time such as 2026-11-24T10:00:00Z.");
    }
  }
}
