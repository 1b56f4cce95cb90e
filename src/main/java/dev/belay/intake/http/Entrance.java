package dev.belay.intake.http;

import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.Locale;

/** One of the HTTP doors. */
enum Entrance {
  /** Alertmanager's, Mimir's and Grafana's webhook; a free suffix may name the sender. */
  WEBHOOK,
  /** Alertmanager's own door, for whatever sends to an Alertmanager. */
  API_V2,
  /** Release events. */
  EVENTS;

  /** Its name in metrics and logs. */
  String tag() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The methods that it takes. */
  List<HttpMethod> methods() {
    return switch (this) {
      case WEBHOOK -> List.of(HttpMethod.POST, HttpMethod.PUT);
      case API_V2, EVENTS -> List.of(HttpMethod.POST);
    };
  }

  /** Where it is found, in Vert.x's notation. */
  List<String> paths() {
    return switch (this) {
      case WEBHOOK -> List.of("/webhooks/alertmanager", "/webhooks/alertmanager/*");
      case API_V2 -> List.of("/api/v2/alerts");
      case EVENTS -> List.of("/api/v1/events");
    };
  }
}
