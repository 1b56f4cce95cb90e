package dev.belay.intake;

import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** What a CloudEvent, version 1.0 or 0.3, wraps around a release event. */
final class CloudEvent {
  private static final String STRUCTURED = "application/cloudevents";
  private static final String BATCH = "application/cloudevents-batch";

  /**
   * The attributes that stand in for those that the data lacks.
   *
   * @param id the event's id
   * @param source who sent it
   */
  record Envelope(Optional<String> id, Optional<String> source) {}

  private CloudEvent() {}

  static boolean structured(String contentType) {
    return contentType.startsWith(STRUCTURED);
  }

  static boolean batch(String contentType) {
    return contentType.startsWith(BATCH);
  }

  /** Whether somebody sent a structured event as plain JSON. */
  static boolean undeclared(Fields body) {
    return body.has("specversion") && body.has("type") && body.has("source");
  }

  /** The envelope of an event in binary mode, from its attributes. */
  static Envelope envelope(Map<String, String> attributes) {
    return new Envelope(
        Optional.ofNullable(attributes.get("id")), Optional.ofNullable(attributes.get("source")));
  }

  /** The envelope of an event in structured mode. */
  static Envelope envelope(Fields event) {
    event.required("specversion");
    event.required("type");
    return new Envelope(Optional.of(event.required("id")), Optional.of(event.required("source")));
  }

  /** The data of an event in structured mode, which must be a JSON object. */
  static Fields data(Fields event, Json json) {
    if (event.has("data_base64")) {
      return new Fields(json.tree(decoded(event.node().get("data_base64"))), "data.");
    }
    return event.object("data");
  }

  private static byte[] decoded(JsonNode text) {
    try {
      return Base64.getDecoder().decode(text.stringValue(""));
    } catch (IllegalArgumentException notBase64) {
      throw Fields.invalid("the field \"data_base64\" is no base64");
    }
  }
}
