package dev.belay.core.rule;

/** Something measured about a service, one of the runbook's four. */
public enum Signal {
  /** Share of requests that fail, 0 to 1. */
  ERROR_RATE("error_rate"),
  /** A quantile of the response time, in seconds. */
  RESPONSE_TIME("response_time"),
  /** Share of time, or of requests, that the service answers, 0 to 1. */
  AVAILABILITY("availability"),
  /** Share of health checks that fail, 0 to 1. */
  HEALTH_CHECK_FAILURES("health_check_failures");

  private final String key;

  Signal(String key) {
    this.key = key;
  }

  /** The key as people write it in a rule file. */
  public String key() {
    return key;
  }
}
