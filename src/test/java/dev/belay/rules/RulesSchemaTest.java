package dev.belay.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.belay.rules.yaml.Problems;
import dev.belay.rules.yaml.SourceFile;
import dev.belay.rules.yaml.YamlJson;
import dev.belay.rules.yaml.YamlReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The schema that editors use says the same as the loader. */
final class RulesSchemaTest {
  private static final Schema SCHEMA = schema();
  private static final Path WRONG = Path.of("src/test/resources/rules/wrong.txt");
  private static final Path RIGHT = Path.of("src/test/resources/rules/right.txt");

  @TempDir Path folder;

  private static Schema schema() {
    try (InputStream in = RuleLoader.class.getResourceAsStream("rules.schema.json")) {
      return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
          .getSchema(Objects.requireNonNull(in));
    } catch (IOException e) {
      throw new IllegalStateException("the schema cannot be read", e);
    }
  }

  private static List<Error> errors(String text) throws YamlJson.NotJson {
    Problems problems = new Problems();
    JsonNode json =
        YamlJson.of(YamlReader.one(new SourceFile("f.yml", text), problems).orElseThrow());
    assertEquals(List.of(), problems.all());
    return SCHEMA.validate(json);
  }

  /** The files of a corpus: each begins with a line of dashes, which a comment may follow. */
  private static List<String> corpus(Path file) throws IOException {
    return List.of(Files.readString(file).split("(?m)^---")).stream()
        .skip(1)
        .map(text -> "#" + text)
        .toList();
  }

  static List<String> wrong() throws IOException {
    return corpus(WRONG);
  }

  static List<String> right() throws IOException {
    return corpus(RIGHT);
  }

  @Test
  void theSchemaIsASchema() {
    Schema meta =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(
                com.networknt.schema.SchemaLocation.of(
                    SpecificationVersion.DRAFT_2020_12.getDialectId()));
    assertEquals(List.of(), meta.validate(SCHEMA.getSchemaNode()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"covet.yml", "environments.yml", "deployment-alerts.yml"})
  void theShippedRulesAreValid(String name) throws Exception {
    assertEquals(List.of(), errors(Files.readString(Path.of("rules", name))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"deployment-environments.yml", "rollback-policy.yml", "deployment-alerts.yml"})
  void theRunbooksBlocksAreValid(String name) throws Exception {
    assertEquals(List.of(), errors(RunbookBlocksTest.block(name)));
  }

  @ParameterizedTest
  @MethodSource("wrong")
  void whatIsWrongIsRefusedByBoth(String text) throws Exception {
    assertFalse(errors(text).isEmpty(), () -> "the schema accepts:\n" + text);
    assertFalse(loaded(text).usable(), () -> "the loader accepts:\n" + text);
  }

  @ParameterizedTest
  @MethodSource("right")
  void whatIsRightIsAcceptedByBoth(String text) throws Exception {
    assertEquals(List.of(), errors(text), text);
    Loaded loaded = loaded(text);
    assertTrue(loaded.usable(), () -> loaded.problems() + "\n" + text);
  }

  private Loaded loaded(String text) {
    return new Written(folder)
        .file("rules.yml", text)
        .file("m.txt", "{ apiVersion: v1, kind: ConfigMap, metadata: { name: m, namespace: n } }")
        .load();
  }
}
