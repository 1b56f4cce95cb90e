package dev.belay.intake.http;

import dev.belay.core.release.Shipper;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** One of the HTTP doors. */
enum Entrance {
  /** Alertmanager's, Mimir's and Grafana's webhook; a free suffix may name the sender. */
  WEBHOOK,
  /** Alertmanager's own door, for whatever sends to an Alertmanager. */
  API_V2,
  /** Release events. */
  EVENTS,
  /** Argo CD's notifications. */
  ARGOCD,
  /** Flux's notifications. */
  FLUX,
  /** GitHub's webhooks. */
  GITHUB;

  /** Its name in metrics and logs. */
  String tag() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The methods that it takes. */
  List<HttpMethod> methods() {
    return switch (this) {
      case WEBHOOK -> List.of(HttpMethod.POST, HttpMethod.PUT);
      case API_V2, EVENTS, ARGOCD, FLUX, GITHUB -> List.of(HttpMethod.POST);
    };
  }

  /** Where it is found, in Vert.x's notation. */
  List<String> paths() {
    return switch (this) {
      case WEBHOOK -> List.of("/webhooks/alertmanager", "/webhooks/alertmanager/*");
      case API_V2 -> List.of("/api/v2/alerts");
      case EVENTS -> List.of("/api/v1/events");
      case ARGOCD, FLUX, GITHUB -> List.of("/webhooks/" + tag());
    };
  }

  /** The tool whose door it is, where it is one's. */
  Optional<Shipper> shipper() {
    return switch (this) {
      case WEBHOOK, API_V2, EVENTS -> Optional.empty();
      case ARGOCD -> Optional.of(Shipper.ARGOCD);
      case FLUX -> Optional.of(Shipper.FLUX);
      case GITHUB -> Optional.of(Shipper.GITHUB);
    };
  }
}
