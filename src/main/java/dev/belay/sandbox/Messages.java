package dev.belay.sandbox;

import dev.belay.core.alert.Labels;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes what Alertmanager, Prometheus and a pipeline would send. */
public final class Messages {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String NO_END = "0001-01-01T00:00:00Z";
  private static final String ALERTMANAGER = "http://alertmanager.sandbox:9093";
  private static final String PROMETHEUS = "http://prometheus.sandbox:9090/graph";

  private Messages() {}

  /**
   * Alertmanager's webhook, payload version 4, for one group.
   *
   * @param alerts all of the group that fire or have just ceased to; at least one
   */
  public static String webhook(String alertname, List<AlertState> alerts) {
    boolean firing = alerts.stream().anyMatch(AlertState::firing);
    ObjectNode body = JSON.createObjectNode();
    body.put("version", "4");
    body.put("groupKey", "{}:{alertname=\"" + alertname + "\"}");
    body.put("truncatedAlerts", 0);
    body.put("status", firing ? "firing" : "resolved");
    body.put("receiver", "belay");
    texts(body.putObject("groupLabels"), Map.of("alertname", alertname));
    texts(
        body.putObject("commonLabels"),
        common(alerts.stream().map(each -> each.definition().labels()).toList()));
    texts(
        body.putObject("commonAnnotations"),
        common(alerts.stream().map(each -> each.definition().annotations()).toList()));
    body.put("externalURL", ALERTMANAGER);
    ArrayNode array = body.putArray("alerts");
    alerts.forEach(each -> webhookAlert(array.addObject(), each));
    return JSON.writeValueAsString(body);
  }

  private static void webhookAlert(ObjectNode out, AlertState alert) {
    SortedMap<String, String> labels = alert.definition().labels();
    out.put("status", alert.firing() ? "firing" : "resolved");
    texts(out.putObject("labels"), labels);
    texts(out.putObject("annotations"), alert.definition().annotations());
    out.put("startsAt", alert.startsAt().toString());
    out.put("endsAt", alert.endsAt().map(Instant::toString).orElse(NO_END));
    out.put("generatorURL", PROMETHEUS);
    out.put("fingerprint", Labels.of(labels).fingerprint().toString());
  }

  /**
   * The body of {@code POST /api/v2/alerts}.
   *
   * @param lease how long a firing alert holds unless it is sent again
   */
  public static String posted(List<AlertState> alerts, Instant now, Duration lease) {
    ArrayNode array = JSON.createArrayNode();
    for (AlertState alert : alerts) {
      ObjectNode out = array.addObject();
      texts(out.putObject("labels"), alert.definition().labels());
      texts(out.putObject("annotations"), alert.definition().annotations());
      out.put("startsAt", alert.startsAt().toString());
      out.put("endsAt", alert.endsAt().orElse(now.plus(lease)).toString());
      out.put("generatorURL", PROMETHEUS);
    }
    return JSON.writeValueAsString(array);
  }

  /**
   * A release event in Belay's simple JSON.
   *
   * @param id unique
   * @param finishedAt empty while it is under way
   */
  public static String release(
      String id, Deed.Ship ship, Instant startedAt, Optional<Instant> finishedAt) {
    ObjectNode out = JSON.createObjectNode();
    out.put("id", id);
    out.put("source", "sandbox");
    out.put("service", ship.service());
    out.put("environment", "sandbox");
    out.put("version", ship.version());
    out.put("image", ship.image());
    out.put("startedAt", startedAt.toString());
    finishedAt.ifPresent(at -> out.put("finishedAt", at.toString()));
    out.put("actor", ship.actor());
    return JSON.writeValueAsString(out);
  }

  private static SortedMap<String, String> common(Collection<SortedMap<String, String>> all) {
    SortedMap<String, String> common = new TreeMap<>(all.iterator().next());
    all.forEach(each -> common.entrySet().retainAll(each.entrySet()));
    return common;
  }

  private static void texts(ObjectNode out, Map<String, String> texts) {
    new TreeMap<>(texts).forEach(out::put);
  }
}
