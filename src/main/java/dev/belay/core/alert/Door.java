package dev.belay.core.alert;

/** The way by which an alert came in; the two differ in what silence means. */
public enum Door {
  /** Alertmanager's or Grafana's webhook: grouped, and absence says nothing. */
  WEBHOOK,
  /** {@code POST /api/v2/alerts}: the sender repeats it while it fires. */
  API_V2
}
