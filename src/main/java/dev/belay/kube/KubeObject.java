package dev.belay.kube;

import dev.belay.core.remediation.ActionId;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** An object as the server gave it. */
record KubeObject(JsonNode json) {
  /** What became of an action is asked within minutes; not so many come in between. */
  private static final int ACTIONS_KEPT = 16;

  /** The object that controls another, and makes it what it is. */
  record Controller(String kind, String name, String uid) {}

  private static final Pattern ID = Pattern.compile("[0-9a-f]{16}");

  String uid() {
    return metadata("uid");
  }

  String name() {
    return metadata("name");
  }

  String namespace() {
    return metadata("namespace");
  }

  String resourceVersion() {
    return metadata("resourceVersion");
  }

  long generation() {
    return json.path("metadata").path("generation").asLong(0);
  }

  Optional<String> annotation(String key) {
    return text(json.path("metadata").path("annotations").path(key));
  }

  Optional<String> label(String key) {
    return text(json.path("metadata").path("labels").path(key));
  }

  /** What controls this object, which its labels do not tell. */
  Optional<Controller> controller() {
    return json.path("metadata")
        .path("ownerReferences")
        .valueStream()
        .filter(owner -> owner.path("controller").asBoolean(false))
        .map(
            owner ->
                new Controller(
                    owner.path("kind").asString(""),
                    owner.path("name").asString(""),
                    owner.path("uid").asString("")))
        .findFirst();
  }

  /** With nothing but the metadata, and without what others wrote there about the contents. */
  KubeObject withoutContents() {
    ObjectNode light = Api.JSON.createObjectNode();
    ObjectNode metadata = json.path("metadata").deepCopy().asObject();
    metadata.remove("managedFields");
    if (metadata.path("annotations") instanceof ObjectNode annotations) {
      annotations.remove("kubectl.kubernetes.io/last-applied-configuration");
    }
    light.set("metadata", metadata);
    return new KubeObject(light);
  }

  /** Whether this action has taken effect on the object. */
  boolean carries(ActionId id) {
    return actions().anyMatch(id.value()::equals);
  }

  /** The mark of this action, and behind it those that the object carries already. */
  String marked(ActionId id) {
    return Stream.concat(Stream.of(id.value()), actions().filter(ID.asMatchPredicate()))
        .limit(ACTIONS_KEPT)
        .collect(Collectors.joining(","));
  }

  private Stream<String> actions() {
    return annotation(Marks.ACTION).stream().flatMap(ids -> Stream.of(ids.split(",")));
  }

  /** Whether Belay made the object. */
  boolean ours() {
    return label(Marks.MANAGED).filter("true"::equals).isPresent();
  }

  /** Whether it is on its way out and only finalizers hold it. */
  boolean deleting() {
    return json.path("metadata").has("deletionTimestamp");
  }

  /** When this field manager last changed the object, by the server's clock, to the second. */
  Optional<Instant> lastWrittenBy(String manager) {
    Optional<Instant> last = Optional.empty();
    for (JsonNode entry : json.path("metadata").path("managedFields")) {
      if (entry.path("manager").asString("").equals(manager)) {
        last = time(entry.path("time"));
      }
    }
    return last;
  }

  /** When the status last changed, by the server's clock, to the second. */
  Optional<Instant> statusWrittenAt() {
    return json.path("metadata")
        .path("managedFields")
        .valueStream()
        .filter(entry -> entry.path("fieldsV1").has("f:status"))
        .flatMap(entry -> time(entry.path("time")).stream())
        .max(Comparator.naturalOrder());
  }

  /**
   * Which field manager wrote the pod template last, as far as the server kept it: each is an owner
   * of those fields only that it gave their present values. Who owns nothing but empty ones of it,
   * such as Argo's controller, wrote something else.
   */
  Optional<String> templateWriter() {
    Optional<String> writer = Optional.empty();
    Instant last = Instant.MIN;
    for (JsonNode entry : json.path("metadata").path("managedFields")) {
      JsonNode owned = entry.path("fieldsV1").path("f:spec").path("f:template");
      Instant at = time(entry.path("time")).orElse(Instant.MIN);
      if (!at.isBefore(last)
          && !owned.isMissingNode()
          && OwnedFields.saySomething(owned, json.path("spec").path("template"))) {
        writer = text(entry.path("manager"));
        last = at;
      }
    }
    return writer;
  }

  /** A time as the API server writes it. */
  static Optional<Instant> time(JsonNode text) {
    try {
      return Optional.of(Instant.parse(text.asString("")));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  private String metadata(String field) {
    return json.path("metadata").path(field).asString("");
  }

  private static Optional<String> text(JsonNode node) {
    return node.isString() ? Optional.of(node.stringValue()) : Optional.empty();
  }
}
