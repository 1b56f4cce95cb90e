package dev.belay.kube;

import java.util.Locale;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.StringNode;

/** A JSON Patch (RFC 6902) in the making. The server applies all of it or nothing. */
final class JsonPatch {
  static final String MEDIA_TYPE = "application/json-patch+json";

  private enum Op {
    TEST,
    ADD,
    REPLACE,
    REMOVE
  }

  private final ArrayNode operations = JsonNodeFactory.instance.arrayNode();

  /** Guards: the server refuses the whole patch with 422 where the value is another. */
  JsonPatch test(String pointer, JsonNode value) {
    return with(Op.TEST, pointer).value(value);
  }

  JsonPatch test(String pointer, String value) {
    return test(pointer, StringNode.valueOf(value));
  }

  /** Sets the member, there or not; its parent must be there. */
  JsonPatch add(String pointer, JsonNode value) {
    return with(Op.ADD, pointer).value(value);
  }

  JsonPatch add(String pointer, String value) {
    return add(pointer, StringNode.valueOf(value));
  }

  JsonPatch replace(String pointer, JsonNode value) {
    return with(Op.REPLACE, pointer).value(value);
  }

  JsonPatch remove(String pointer) {
    return with(Op.REMOVE, pointer);
  }

  /**
   * Guards: the server refuses with 409 where the object has changed in any way. As a {@code test}
   * it would be 422, which also means that the patch itself is wrong.
   */
  JsonPatch unchangedSince(KubeObject live) {
    return replace("/metadata/resourceVersion", StringNode.valueOf(live.resourceVersion()));
  }

  /**
   * Adds an annotation and leaves others alone. Guard against change since {@code live} was read:
   * where it has no annotations, an empty map is put first.
   */
  JsonPatch annotate(KubeObject live, String key, String value) {
    String parent = "/metadata/annotations";
    boolean started =
        operations.valueStream().anyMatch(op -> op.path("path").asString("").startsWith(parent));
    if (!started && !live.json().path("metadata").path("annotations").isObject()) {
      add(parent, JsonNodeFactory.instance.objectNode());
    }
    return add(parent + "/" + escape(key), value);
  }

  /** One segment of a JSON Pointer (RFC 6901). */
  static String escape(String segment) {
    return segment.replace("~", "~0").replace("/", "~1");
  }

  private JsonPatch with(Op op, String pointer) {
    operations.addObject().put("op", op.name().toLowerCase(Locale.ROOT)).put("path", pointer);
    return this;
  }

  private JsonPatch value(JsonNode value) {
    operations.get(operations.size() - 1).asObject().set("value", value);
    return this;
  }

  @Override
  public String toString() {
    return operations.toString();
  }
}
