package dev.belay.core.rule;

/** By whose names a service's metrics go. */
public enum Profile {
  /**
   * {@code http_requests_total} with the label {@code code}, and {@code
   * http_request_duration_seconds}.
   */
  HTTP("http"),
  /** Istio's {@code istio_requests_total} and {@code istio_request_duration_milliseconds}. */
  ISTIO("istio");

  private final String key;

  Profile(String key) {
    this.key = key;
  }

  /** The word for it in a file. */
  public String key() {
    return key;
  }
}
