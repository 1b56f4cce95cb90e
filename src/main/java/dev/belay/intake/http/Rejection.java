package dev.belay.intake.http;

import dev.belay.intake.Parsed;
import java.util.Locale;

/** Why a request was not accepted whole, and the status that says so. */
enum Rejection {
  MALFORMED(400),
  UNRECOGNIZED(400),
  INVALID(400),
  UNAUTHENTICATED(401),
  METHOD(405),
  TOO_LARGE(413),
  UNSUPPORTED(415),
  FAILED(500),
  /** Alertmanager retries a 5xx only; a 429 it gives up on. */
  FULL(503);

  private final int code;

  Rejection(int code) {
    this.code = code;
  }

  static Rejection of(Parsed.Refusal refusal) {
    return switch (refusal) {
      case MALFORMED -> MALFORMED;
      case UNRECOGNIZED -> UNRECOGNIZED;
      case INVALID -> INVALID;
      case TOO_LARGE -> TOO_LARGE;
      case UNSUPPORTED -> UNSUPPORTED;
    };
  }

  /** The HTTP status. */
  int code() {
    return code;
  }

  /** Its name in metrics. */
  String tag() {
    return name().toLowerCase(Locale.ROOT);
  }
}
