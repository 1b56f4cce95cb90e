package dev.belay.kube;

import dev.belay.port.ClusterUnavailable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** A label selector, written as a list query wants it. */
final class Selector {
  private Selector() {}

  static String of(JsonNode selector) {
    List<String> terms = new ArrayList<>();
    for (Map.Entry<String, JsonNode> label : selector.path("matchLabels").properties()) {
      terms.add(label.getKey() + "=" + label.getValue().asString(""));
    }
    selector.path("matchExpressions").forEach(expression -> terms.add(term(expression)));
    return String.join(",", terms);
  }

  private static String term(JsonNode expression) {
    String key = expression.path("key").asString("");
    String values =
        expression
            .path("values")
            .valueStream()
            .map(value -> value.asString(""))
            .collect(Collectors.joining(",", "(", ")"));
    String operator = expression.path("operator").asString("");
    return switch (operator) {
      case "In" -> key + " in " + values;
      case "NotIn" -> key + " notin " + values;
      case "Exists" -> key;
      case "DoesNotExist" -> "!" + key;
      default -> throw new ClusterUnavailable("a selector has the unknown operator " + operator);
    };
  }
}
