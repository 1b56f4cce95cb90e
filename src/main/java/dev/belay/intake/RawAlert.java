package dev.belay.intake;

import dev.belay.core.alert.Labels;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * One alert's JSON object as it stands in a body, read once from a stream and before any door has
 * judged it. Unknown fields are skipped; the first thing that is wrong is kept, and reading goes on
 * behind it, so that one bad alert costs no other.
 */
final class RawAlert {
  /** The labels of one alert, names and values, at most, in characters; it is kept for long. */
  private static final int LABELS = 32 << 10;

  /** What is kept of one annotation, and of all of an alert's, in characters. */
  private static final int ANNOTATION = 4 << 10;

  private static final int ANNOTATIONS = 16 << 10;

  private final IntakeLimits limits;
  private final Texts texts;
  private String[] pairs = new String[32];
  private int used;
  private String problem = "";
  private SortedMap<String, String> annotations = Collections.emptySortedMap();
  private String status = "";
  private Optional<Instant> startsAt = Optional.empty();
  private Optional<Instant> endsAt = Optional.empty();
  private String generatorUrl = "";

  private RawAlert(IntakeLimits limits, Texts texts) {
    this.limits = limits;
    this.texts = texts;
  }

  /** Reads the value at which the stream stands, to its end. */
  static RawAlert read(JsonParser json, IntakeLimits limits, Texts texts) {
    RawAlert alert = new RawAlert(limits, texts);
    if (json.currentToken() == JsonToken.START_OBJECT) {
      alert.fields(json);
    } else {
      alert.complain("it must be an object");
      json.skipChildren();
    }
    return alert;
  }

  /** What is wrong with it, or empty. */
  String problem() {
    return problem;
  }

  /** The labels, less those that are empty. */
  Labels labels() {
    return Labels.of(used == pairs.length ? pairs : Arrays.copyOf(pairs, used));
  }

  SortedMap<String, String> annotations() {
    return Collections.unmodifiableSortedMap(annotations);
  }

  /** As written, or empty where it is absent or no string. */
  String status() {
    return status;
  }

  /** Empty where absent, null or Go's zero time. */
  Optional<Instant> startsAt() {
    return startsAt;
  }

  /** Empty where absent, null or Go's zero time. */
  Optional<Instant> endsAt() {
    return endsAt;
  }

  String generatorUrl() {
    return generatorUrl;
  }

  private void fields(JsonParser json) {
    for (String name = json.nextName(); name != null; name = json.nextName()) {
      JsonToken value = json.nextToken();
      switch (name) {
        case "labels" -> labels(json, value);
        case "annotations" -> annotations(json, value);
        case "status" -> status = value == JsonToken.VALUE_STRING ? text(json) : skip(json);
        case "startsAt" -> startsAt = time(json, value, "startsAt");
        case "endsAt" -> endsAt = time(json, value, "endsAt");
        case "generatorURL" -> generatorUrl = optionalText(json, value, "generatorURL");
        default -> json.skipChildren();
      }
    }
  }

  private void labels(JsonParser json, JsonToken first) {
    used = 0;
    int characters = 0;
    if (!object(json, first, "labels")) {
      return;
    }
    for (String name = json.nextName(); name != null; name = json.nextName()) {
      String value = optionalText(json, json.nextToken(), "a label");
      if (used == limits.labels() * 2) {
        complain("it has more than " + limits.labels() + " labels");
      } else if (name.isEmpty()) {
        complain("a label has an empty name");
      } else if (name.length() > limits.nameLength()) {
        complain("a label's name is longer than " + limits.nameLength() + " characters");
      } else if (value.length() > limits.valueLength()) {
        complain("a label's value is longer than " + limits.valueLength() + " characters");
      } else if (characters + name.length() + value.length() > LABELS) {
        complain("its labels have more than " + LABELS + " characters in all");
      } else {
        characters += name.length() + value.length();
        add(Texts.wellFormed(name), value);
      }
    }
  }

  private void add(String name, String value) {
    if (used == pairs.length) {
      pairs = Arrays.copyOf(pairs, used * 2);
    }
    pairs[used++] = name;
    pairs[used++] = value;
  }

  private void annotations(JsonParser json, JsonToken first) {
    annotations = Collections.emptySortedMap();
    if (!object(json, first, "annotations")) {
      return;
    }
    SortedMap<String, String> read = new TreeMap<>();
    int room = ANNOTATIONS;
    for (String name = json.nextName(); name != null; name = json.nextName()) {
      String value = optionalText(json, json.nextToken(), "an annotation");
      if (read.size() == limits.labels()) {
        complain("it has more than " + limits.labels() + " annotations");
      } else if (name.length() > limits.nameLength()) {
        complain("an annotation's name is longer than " + limits.nameLength() + " characters");
      } else {
        String kept = cut(value, room);
        room -= kept.length();
        read.put(Texts.wellFormed(name), kept);
      }
    }
    annotations = read;
  }

  /** A text for people that is too long says less in full than in part. */
  private static String cut(String text, int room) {
    int most = Math.min(ANNOTATION, Math.max(room, 0));
    return text.length() <= most ? text : Texts.wellFormed(text.substring(0, most)) + "...";
  }

  private boolean object(JsonParser json, JsonToken first, String field) {
    if (first == JsonToken.START_OBJECT) {
      return true;
    }
    if (first != JsonToken.VALUE_NULL) {
      complain(field + " must be an object of strings");
      json.skipChildren();
    }
    return false;
  }

  private Optional<Instant> time(JsonParser json, JsonToken value, String field) {
    if (value == JsonToken.VALUE_NULL) {
      return Optional.empty();
    }
    if (value == JsonToken.VALUE_STRING) {
      try {
        Instant time =
            Rfc3339.parse(
                json.getStringCharacters(), json.getStringOffset(), json.getStringLength());
        return time.equals(Rfc3339.ZERO) ? Optional.empty() : Optional.of(time);
      } catch (DateTimeException notOne) {
        complain(field + " is " + notOne.getMessage());
        return Optional.empty();
      }
    }
    complain(field + " must be a string with an RFC 3339 time");
    json.skipChildren();
    return Optional.empty();
  }

  private String optionalText(JsonParser json, JsonToken value, String what) {
    if (value == JsonToken.VALUE_STRING) {
      return text(json);
    }
    if (value != JsonToken.VALUE_NULL) {
      complain(what + " must be a string");
    }
    return skip(json);
  }

  private String text(JsonParser json) {
    return texts.of(json.getStringCharacters(), json.getStringOffset(), json.getStringLength());
  }

  private static String skip(JsonParser json) {
    json.skipChildren();
    return "";
  }

  private void complain(String sentence) {
    if (problem.isEmpty()) {
      problem = sentence;
    }
  }
}
