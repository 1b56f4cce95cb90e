package dev.belay.notify;

import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * PagerDuty as its documents say: refuses what is no event, keeps an alert for each key, and
 * notifies somebody only where a trigger finds none open, whether acknowledged or not.
 */
final class FakePagerDuty implements AutoCloseable {
  static final String KEY = "0123456789abcdef0123456789ABCDEF";

  /** How an alert stands. */
  enum Standing {
    TRIGGERED,
    ACKNOWLEDGED,
    RESOLVED
  }

  private final FakeReceiver receiver = new FakeReceiver(this::refused);

  /** By their keys, the eldest first. Guarded by itself. */
  private final Map<String, Standing> alerts = new LinkedHashMap<>();

  /** The summaries of what somebody was called by. Guarded by the alerts. */
  private final List<String> called = new ArrayList<>();

  URI address() {
    return receiver.address("/v2");
  }

  List<FakeReceiver.Got> got() {
    return receiver.got();
  }

  void next(int status, Map<String, String> headers, String body) {
    receiver.next(status, headers, body);
  }

  /** How all alerts stand that there were, the eldest first. */
  List<Standing> standings() {
    synchronized (alerts) {
      return List.copyOf(alerts.values());
    }
  }

  /** By what somebody was called so far. */
  List<String> called() {
    synchronized (alerts) {
      return List.copyOf(called);
    }
  }

  private Optional<String> refused(FakeReceiver.Got got) {
    JsonNode event = got.json();
    JsonNode payload = event.path("payload");
    boolean change = got.path().equals("/v2/change/enqueue");
    if (!change && !got.path().equals("/v2/enqueue")) {
      return Optional.of("no such path");
    }
    if (!event.path("routing_key").asString("").equals(KEY)) {
      return Optional.of("Invalid routing key");
    }
    String action = event.path("event_action").asString("");
    boolean needsPayload = change || action.equals("trigger");
    String summary = payload.path("summary").asString("");
    if (needsPayload && (summary.isEmpty() || summary.length() > 1024)) {
      return Optional.of("summary");
    }
    if (change) {
      return Optional.empty();
    }
    String key = event.path("dedup_key").asString("");
    boolean right =
        Set.of("trigger", "acknowledge", "resolve").contains(action)
            && !key.isEmpty()
            && key.length() <= 255
            && (!action.equals("trigger")
                || (Set.of("critical", "error", "warning", "info")
                        .contains(payload.path("severity").asString(""))
                    && !payload.path("source").asString("").isEmpty()));
    if (!right) {
      return Optional.of("Event object is invalid");
    }
    take(action, key, summary);
    return Optional.empty();
  }

  private void take(String action, String key, String summary) {
    synchronized (alerts) {
      boolean open = alerts.getOrDefault(key, Standing.RESOLVED) != Standing.RESOLVED;
      switch (action) {
        case "trigger" -> {
          // To one that is open it is a line of the log.
          if (!open) {
            alerts.put(key, Standing.TRIGGERED);
            called.add(summary);
          }
        }
        case "acknowledge" -> alerts.replace(key, Standing.TRIGGERED, Standing.ACKNOWLEDGED);
        default -> alerts.computeIfPresent(key, (_, _) -> Standing.RESOLVED);
      }
    }
  }

  @Override
  public void close() {
    receiver.close();
  }
}
