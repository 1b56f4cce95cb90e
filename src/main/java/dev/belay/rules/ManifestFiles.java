package dev.belay.rules;

import dev.belay.core.remediation.Manifest;
import dev.belay.rules.yaml.Problems;
import dev.belay.rules.yaml.Quoted;
import dev.belay.rules.yaml.Spot;
import dev.belay.rules.yaml.Unreadable;
import dev.belay.rules.yaml.Yaml;
import dev.belay.rules.yaml.YamlJson;
import dev.belay.rules.yaml.YamlReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads the manifests that rules apply, from within one folder only: a rule file must not be able
 * to have any file of the machine sent to the cluster.
 */
final class ManifestFiles {
  private static final int FILE_BYTES = 64 * 1024;
  private static final int MANIFESTS = 16;

  private final Path bounds;
  private final Sources sources;
  private final Problems problems;

  /**
   * Reads within one folder.
   *
   * @param bounds the folder, absolute and normal
   */
  ManifestFiles(Path bounds, Sources sources) {
    this.bounds = bounds;
    this.sources = sources;
    this.problems = sources.problems();
  }

  /**
   * The objects of a manifest.
   *
   * @param ruleFile the file that names it; the path starts from its folder
   * @param path as written
   * @param at where it is written
   * @param namespace where objects go that name no namespace
   * @param quietly whether a missing namespace is somebody else's error already
   * @return none where anything is wrong; the problems say what
   */
  List<Manifest> read(
      Path ruleFile, String path, Spot at, Optional<String> namespace, boolean quietly) {
    Optional<Path> file = locate(ruleFile, path, at);
    if (file.isEmpty()) {
      return List.of();
    }
    List<Manifest> manifests = new ArrayList<>();
    List<Yaml> documents =
        sources
            .read(file.get(), FILE_BYTES)
            .map(source -> YamlReader.all(source, problems))
            .orElse(List.of());
    int before = problems.errors();
    for (Yaml document : documents) {
      object(document, namespace, quietly).ifPresent(manifests::add);
    }
    if (documents.size() > MANIFESTS) {
      problems.error(at, "holds more than " + MANIFESTS + " objects; apply fewer");
    } else if (documents.isEmpty() && before == problems.errors()) {
      problems.error(at, Quoted.of(path) + " holds no object that could be applied");
    }
    return before == problems.errors() ? List.copyOf(manifests) : List.of();
  }

  private Optional<Path> locate(Path ruleFile, String path, Spot at) {
    try {
      Path start = ruleFile.toAbsolutePath().normalize().resolveSibling(path);
      Path file = start.normalize();
      if (Path.of(path).isAbsolute() || !file.startsWith(bounds)) {
        problems.error(
            at, Quoted.of(path) + " leads out of " + bounds + "; move the manifest there");
      } else if (!Files.isRegularFile(file)) {
        problems.error(
            at, "no file " + Quoted.of(path) + " from this file's folder; check the path");
      } else if (!file.toRealPath().startsWith(bounds.toRealPath())) {
        problems.error(at, Quoted.of(path) + " is a link that leads out of " + bounds);
      } else {
        return Optional.of(named(ruleFile, path));
      }
    } catch (InvalidPathException e) {
      problems.error(at, Quoted.of(path) + " is not a path");
    } catch (IOException e) {
      problems.error(at, Quoted.of(path) + " cannot be read; check its rights");
    }
    return Optional.empty();
  }

  /** The path as messages show it: from where the rule file's own path starts. */
  private static Path named(Path ruleFile, String path) {
    return ruleFile.resolveSibling(path).normalize();
  }

  private Optional<Manifest> object(Yaml document, Optional<String> namespace, boolean quietly) {
    JsonNode json;
    try {
      json = YamlJson.of(document);
    } catch (YamlJson.NotJson e) {
      problems.error(e.at(), e.sentence());
      return Optional.empty();
    }
    String kind = text(json.path("kind"));
    String apiVersion = text(json.path("apiVersion"));
    String name = text(json.at("/metadata/name"));
    if (kind.isEmpty() || apiVersion.isEmpty() || name.isEmpty()) {
      problems.error(
          document.at(), "an object to apply needs texts for apiVersion, kind and metadata.name");
      return Optional.empty();
    }
    String own = text(json.at("/metadata/namespace"));
    Optional<String> where = own.isEmpty() ? namespace : Optional.of(own);
    if (where.isEmpty()) {
      if (!quietly) {
        problems.error(
            document.at(), "which namespace? Add metadata.namespace, or workload to the service");
      }
      return Optional.empty();
    }
    return checked(document, json, new Manifest(apiVersion, kind, where.get(), name, ""));
  }

  private Optional<Manifest> checked(Yaml document, JsonNode json, Manifest manifest) {
    try {
      Names.namespace(manifest.namespace());
      Names.object(manifest.name());
    } catch (Unreadable e) {
      problems.error(document.at(), e.sentence());
      return Optional.empty();
    }
    ((ObjectNode) json.path("metadata")).put("namespace", manifest.namespace());
    return Optional.of(
        new Manifest(
            manifest.apiVersion(),
            manifest.kind(),
            manifest.namespace(),
            manifest.name(),
            json.toString()));
  }

  private static String text(JsonNode node) {
    return node.isString() ? node.stringValue() : "";
  }
}
