package dev.belay.intake;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SequencedCollection;
import tools.jackson.databind.JsonNode;

/**
 * The fields of a JSON object, read with errors that name the field.
 *
 * @param node the object
 * @param path where it stands in the body, with a dot at its end; empty for the body itself
 */
record Fields(JsonNode node, String path) {
  private static final int LONGEST = 1024;
  private static final int MOST_TEXTS = 1000;

  /** The body, which must be an object. */
  static Fields ofBody(JsonNode body) {
    if (!body.isObject()) {
      throw new RefusedBody(Parsed.Refusal.UNRECOGNIZED, "the body must be a JSON object");
    }
    return new Fields(body, "");
  }

  boolean has(String key) {
    return node.hasNonNull(key);
  }

  /** The object under the key. */
  Fields object(String key) {
    return optionalObject(key)
        .orElseThrow(() -> invalid("the field \"" + path + key + "\" must be an object"));
  }

  /** The object under the key; empty where something else, or nothing, stands there. */
  Optional<Fields> optionalObject(String key) {
    return Optional.ofNullable(node.get(key))
        .filter(JsonNode::isObject)
        .map(found -> new Fields(found, path + key + "."));
  }

  /** The text under the key, which must not be empty. */
  String required(String key) {
    return optional(key)
        .orElseThrow(
            () -> invalid("the field \"" + path + key + "\" is missing: give a text there"));
  }

  /** The text under the key; empty where it is absent, null or an empty text. */
  Optional<String> optional(String key) {
    if (!has(key)) {
      return Optional.empty();
    }
    JsonNode value = node.get(key);
    if (!value.isString()) {
      throw invalid("the field \"" + path + key + "\" must be a string");
    }
    return Optional.of(checked(key, value.stringValue())).filter(text -> !text.isEmpty());
  }

  private String checked(String key, String text) {
    if (text.length() > LONGEST) {
      throw invalid("the field \"" + path + key + "\" is longer than " + LONGEST + " characters");
    }
    for (int i = 0; i < text.length(); i++) {
      if (Character.isISOControl(text.charAt(i))) {
        throw invalid("the field \"" + path + key + "\" holds a control character");
      }
    }
    return Texts.wellFormed(text);
  }

  /** The text under the key, of any length and with line ends; empty where there is none. */
  Optional<String> prose(String key) {
    return Optional.ofNullable(node.get(key)).filter(JsonNode::isString).map(JsonNode::stringValue);
  }

  /** The whole number under the key, as text. */
  String number(String key) {
    JsonNode value = node.get(key);
    if (value == null || !value.isIntegralNumber()) {
      throw invalid("the field \"" + path + key + "\" must be a whole number");
    }
    return value.asString();
  }

  /** The texts under the key, empty ones left out; none where it is absent or null. */
  List<String> texts(String key) {
    if (!has(key)) {
      return List.of();
    }
    JsonNode list = node.get(key);
    if (!list.isArray() || list.size() > MOST_TEXTS) {
      throw invalid(
          "the field \"" + path + key + "\" must be a list of at most " + MOST_TEXTS + " strings");
    }
    List<String> texts = new ArrayList<>();
    for (JsonNode item : list) {
      if (!item.isString()) {
        throw invalid("the field \"" + path + key + "\" must hold strings only");
      }
      texts.add(checked(key, item.stringValue()));
    }
    texts.removeIf(String::isEmpty);
    return List.copyOf(texts);
  }

  /** The time under the key; empty where it is absent or null, at most five minutes ahead. */
  Optional<Instant> time(String key, Instant receivedAt) {
    return optional(key)
        .map(
            text -> {
              try {
                return Stamps.notAhead(Rfc3339.parse(text), receivedAt);
              } catch (DateTimeException notOne) {
                throw invalid("the field \"" + path + key + "\" is " + notOne.getMessage());
              }
            });
  }

  /** Refuses keys other than these. */
  void only(SequencedCollection<String> known) {
    for (String key : node.propertyNames()) {
      if (!known.contains(key)) {
        throw invalid(
            "unknown field \""
                + path
                + key
                + "\"; the known fields are "
                + String.join(", ", known));
      }
    }
  }

  static RefusedBody invalid(String sentence) {
    return new RefusedBody(Parsed.Refusal.INVALID, sentence);
  }
}
