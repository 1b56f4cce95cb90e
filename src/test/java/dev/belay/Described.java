package dev.belay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.belay.rules.yaml.Problems;
import dev.belay.rules.yaml.SourceFile;
import dev.belay.rules.yaml.YamlJson;
import dev.belay.rules.yaml.YamlReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** A document of an API, and whether what is sent and answered is as it says. */
public final class Described {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final SchemaRegistry SCHEMAS =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

  private final JsonNode document;
  private final Map<String, Schema> schemas = new TreeMap<>();
  private final Set<String> seen = new TreeSet<>();

  private Described(JsonNode document) {
    this.document = document;
  }

  /** A document below {@code docs}. */
  public static Described by(String name) throws IOException {
    Problems problems = new Problems();
    SourceFile source = new SourceFile(name, Files.readString(Path.of("docs", name)));
    try {
      JsonNode json = YamlJson.of(YamlReader.one(source, problems).orElseThrow());
      assertEquals(java.util.List.of(), problems.all());
      return new Described(json);
    } catch (YamlJson.NotJson e) {
      throw new IllegalStateException(e.at() + " " + e.sentence(), e);
    }
  }

  /** The document. */
  public JsonNode document() {
    return document;
  }

  /** Every operation, such as {@code GET /api/v1/rules}. */
  public Set<String> operations() {
    Set<String> operations = new TreeSet<>();
    for (String path : document.get("paths").propertyNames()) {
      for (String key : document.get("paths").get(path).propertyNames()) {
        if (!key.equals("parameters")) {
          operations.add(key.toUpperCase(Locale.ROOT) + " " + path);
        }
      }
    }
    return operations;
  }

  /** Every answer that the document speaks of, such as {@code GET /api/v1/rules 200}. */
  public Set<String> answers() {
    Set<String> answers = new TreeSet<>();
    for (String operation : operations()) {
      for (String status : operation(operation).get("responses").propertyNames()) {
        answers.add(operation + " " + status);
      }
    }
    return answers;
  }

  /** Those that {@link #assertAnswer} was shown so far. */
  public Set<String> seen() {
    return Set.copyOf(seen);
  }

  /** An answer is among those of its operation, and its body is as it says. */
  public void assertAnswer(String operation, int status, String contentType, String body) {
    String answer = operation + " " + status;
    JsonNode response =
        resolved(operation(operation).get("responses").path(Integer.toString(status)));
    assertFalse(response.isMissingNode(), () -> answer + " is not described; its body: " + body);
    seen.add(answer);
    if (!response.has("content")) {
      assertEquals("", body, answer);
      return;
    }
    String type = contentType.replaceFirst(";.*", "").strip();
    JsonNode content = response.get("content").path(type);
    assertFalse(content.isMissingNode(), () -> answer + " is no " + type);
    JsonNode node = type.endsWith("json") ? tree(answer, body) : JSON.valueToTree(body);
    assertValid(answer + " " + type, content.get("schema"), node);
  }

  /** What is sent is as the operation has it. */
  public void assertRequest(String operation, String contentType, String body) {
    JsonNode content = resolved(operation(operation).get("requestBody")).get("content");
    assertValid(
        operation + " request " + contentType,
        content.get(contentType).get("schema"),
        tree(operation, body));
  }

  /** The node is as the schema of this document has it. */
  public void assertValid(String name, JsonNode schema, JsonNode node) {
    assertEquals(
        java.util.List.of(),
        schemas.computeIfAbsent(name, _ -> schema(schema)).validate(node),
        () -> name + ": " + node);
  }

  /** Whether the node is as the schema of this document has it. */
  public boolean fits(JsonNode schema, JsonNode node) {
    return schema(schema).validate(node).isEmpty();
  }

  /** The node, or that to which it refers. */
  public JsonNode resolved(JsonNode node) {
    JsonNode found = node;
    while (found.has("$ref")) {
      String reference = found.get("$ref").stringValue();
      assertTrue(reference.startsWith("#/"), reference);
      found = document.at(reference.substring(1));
      assertFalse(found.isMissingNode(), reference);
    }
    return found;
  }

  private Schema schema(JsonNode schema) {
    ObjectNode whole = JsonNodeFactory.instance.objectNode();
    whole.putArray("allOf").add(schema);
    whole.set("components", document.get("components"));
    return SCHEMAS.getSchema(whole);
  }

  private JsonNode operation(String operation) {
    String[] parts = operation.split(" ", 2);
    JsonNode node = document.get("paths").path(parts[1]).path(parts[0].toLowerCase(Locale.ROOT));
    assertFalse(node.isMissingNode(), () -> operation + " is not described");
    return node;
  }

  private static JsonNode tree(String what, String body) {
    try {
      return JSON.readTree(body);
    } catch (JacksonException e) {
      throw new AssertionError(what + " is no JSON: " + body, e);
    }
  }
}
