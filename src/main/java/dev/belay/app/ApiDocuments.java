package dev.belay.app;

import dev.belay.rules.yaml.Problems;
import dev.belay.rules.yaml.SourceFile;
import dev.belay.rules.yaml.Yaml;
import dev.belay.rules.yaml.YamlJson;
import dev.belay.rules.yaml.YamlReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;

/** The documents of the HTTP API and of the Kafka topics, as {@code docs} has them, in JSON. */
final class ApiDocuments {
  private ApiDocuments() {}

  /** Read when it is first asked for. */
  private static final class Http {
    static final JsonNode DOCUMENT = read("openapi.yaml");
  }

  /** Read when it is first asked for. */
  private static final class Topics {
    static final JsonNode DOCUMENT = read("asyncapi.yaml");
  }

  /** Each document by its path. */
  static Map<String, Supplier<JsonNode>> byPath() {
    return Map.of(
        "/api/openapi.json", () -> Http.DOCUMENT, "/api/asyncapi.json", () -> Topics.DOCUMENT);
  }

  private static JsonNode read(String name) {
    try (InputStream in = ApiDocuments.class.getResourceAsStream(name)) {
      String text =
          new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
      Problems problems = new Problems();
      Yaml document =
          YamlReader.one(new SourceFile(name, text), problems)
              .orElseThrow(() -> new IllegalStateException(problems.all().toString()));
      return YamlJson.of(document);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (YamlJson.NotJson e) {
      throw new IllegalStateException(e.at() + " " + e.sentence(), e);
    }
  }
}
