package dev.belay.core.alert;

/** The way by which an alert came in; they differ in what silence means. */
public enum Door {
  /** Alertmanager's or Grafana's webhook: grouped, and absence says nothing. */
  WEBHOOK,
  /** {@code POST /api/v2/alerts}: the sender repeats it while it fires. */
  API_V2,
  /** Belay's own look at workloads: it says of which service it speaks, and each look renews it. */
  WATCH,
  /** Belay evaluated the alert's rule itself; it repeats it while it fires, as a sender would. */
  RULES
}
