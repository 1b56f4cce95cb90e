package dev.belay.kube;

import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/**
 * The fields that a manager owns, as the API server writes them ({@code fieldsV1} of Kubernetes'
 * server-side apply, and of structured-merge-diff).
 */
final class OwnedFields {
  /** The object or list itself, of which others may own the fields. */
  private static final String ITSELF = ".";

  private static final String FIELD = "f:";
  private static final String ENTRY = "k:";

  private OwnedFields() {}

  /**
   * Whether any of them has a value that says something. A controller that writes an object back
   * whole adds fields that are merely empty, such as {@code resources: {}}, and owns them from then
   * on, while it had nothing to say about what they are fields of.
   *
   * @param owned what is owned of the value
   */
  static boolean saySomething(JsonNode owned, JsonNode value) {
    if (owned.isEmpty()) {
      return !isEmpty(value);
    }
    for (Map.Entry<String, JsonNode> each : owned.properties()) {
      if (!each.getKey().equals(ITSELF)
          && saySomething(each.getValue(), part(each.getKey(), value))) {
        return true;
      }
    }
    return false;
  }

  private static boolean isEmpty(JsonNode value) {
    return value.isMissingNode()
        || value.isNull()
        || (value.isContainer() && value.isEmpty())
        || value.asString("-").isEmpty();
  }

  /** What a key of theirs means; the whole where it is not known how it is told apart. */
  private static JsonNode part(String key, JsonNode value) {
    if (key.startsWith(FIELD)) {
      return value.path(key.substring(FIELD.length()));
    }
    return key.startsWith(ENTRY) ? entry(key.substring(ENTRY.length()), value) : value;
  }

  /** That of a list which has these fields, such as {@code {"name":"app"}}. */
  private static JsonNode entry(String fields, JsonNode list) {
    JsonNode wanted = Api.JSON.readTree(fields);
    return list.valueStream()
        .filter(
            entry ->
                wanted.properties().stream()
                    .allMatch(field -> field.getValue().equals(entry.path(field.getKey()))))
        .findFirst()
        .orElse(MissingNode.getInstance());
  }
}
