package dev.belay.notify.kafka;

import dev.belay.core.incident.Notice;
import dev.belay.core.release.Announcement;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/**
 * A decision as a CDEvent of version 0.5.1 (cdevents/spec, incident.md and
 * continuous-deployment.md).
 *
 * @param id the same however often it is published
 * @param type of the event, with its version
 * @param json the whole event
 */
record Decision(String id, String type, String time, String subject, String json) {
  /** Belay ignores what comes in under this name. */
  static final String SOURCE = "belay";

  private static final String VERSION = ".0.3.0";
  private static final int MOST_TEXT = 4_000;
  private static final JsonMapper JSON = JsonMapper.shared();

  /** The decision that the notice tells of; empty where it tells of none that CDEvents knows. */
  static Optional<Decision> of(Notice notice, String environment) {
    return switch (notice.kind()) {
      case OPENED -> Optional.of(incident(notice, "detected", environment));
      case CLOSED -> Optional.of(incident(notice, "resolved", environment));
      case ACTED ->
          notice
              .images()
              .flatMap(images -> images.stream().findFirst())
              .map(image -> rollback(notice, image, environment));
      case PROPOSED,
          COUNTDOWN,
          PROGRESS,
          ANSWERED,
          NOT_ACTING,
          PAGE,
          RESTORED,
          HOLD,
          BRAKE,
          INPUT ->
          Optional.empty();
    };
  }

  private static Decision incident(Notice notice, String predicate, String environment) {
    Map<String, Object> content = new LinkedHashMap<>();
    content.put("description", cut(notice.text()));
    content.put("environment", Map.of("id", environment));
    content.put("service", Map.of("id", notice.service()));
    return event(notice, "dev.cdevents.incident." + predicate, notice.incident(), content);
  }

  private static Decision rollback(Notice notice, String image, String environment) {
    Map<String, Object> content = new LinkedHashMap<>();
    content.put("environment", Map.of("id", environment));
    content.put("artifactId", packageUrl(image));
    return event(notice, "dev.cdevents.service.rolledback", notice.service(), content);
  }

  private static Decision event(
      Notice notice, String name, String subject, Map<String, Object> content) {
    // The number begins anew with a journal, the moment does not.
    String id = notice.incident() + "-" + notice.number() + "-" + notice.at().toEpochMilli();
    String type = name + VERSION;
    String time = notice.at().toString();
    Map<String, Object> context = new LinkedHashMap<>();
    context.put("specversion", "0.5.1");
    context.put("id", id);
    context.put("source", SOURCE);
    context.put("type", type);
    context.put("timestamp", time);
    // What belongs to one incident belongs together.
    context.put("chainId", notice.incident());
    notice
        .undoes()
        .filter(undone -> !undone.id().isEmpty())
        .ifPresent(undone -> context.put("links", List.of(path(undone))));
    Map<String, Object> event = new LinkedHashMap<>();
    event.put("context", context);
    event.put("subject", Map.of("id", subject, "source", SOURCE, "content", content));
    event.put("customData", Map.of("incident", notice.incident(), "sentence", cut(notice.text())));
    event.put("customDataContentType", "application/json");
    return new Decision(id, type, time, subject, JSON.writeValueAsString(event));
  }

  /** It came of that event. */
  private static Map<String, Object> path(Announcement from) {
    Map<String, Object> link = new LinkedHashMap<>();
    link.put("linkType", "PATH");
    link.put("from", Map.of("contextId", from.id()));
    return link;
  }

  private static String cut(String text) {
    return text.length() <= MOST_TEXT ? text : text.substring(0, MOST_TEXT) + "\u2026";
  }

  /**
   * {@code registry/team/app:1.2} as {@code pkg:oci/app?repository_url=registry/team/app&tag=1.2}.
   */
  static String packageUrl(String image) {
    int at = image.indexOf('@');
    String named = at < 0 ? image : image.substring(0, at);
    int colon = named.lastIndexOf(':');
    boolean tagged = colon > named.lastIndexOf('/');
    String repository = tagged ? named.substring(0, colon) : named;
    String name = repository.substring(repository.lastIndexOf('/') + 1);
    String version = at < 0 ? "" : "@" + encoded(image.substring(at + 1));
    String tag = tagged ? "&tag=" + encoded(named.substring(colon + 1)) : "";
    return "pkg:oci/" + encoded(name) + version + "?repository_url=" + encoded(repository) + tag;
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20").replace("%2F", "/");
  }
}
