package dev.belay.intake;

import dev.belay.core.release.Release.Change;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One of the CDEvents specification's own examples.
 *
 * @param name its version and its file
 * @param type as in {@code context.type}
 */
public record CdEventExample(String name, String type, JsonNode body) {
  /** Of the artifact that all of them speak of. */
  public static final String DIGEST =
      "sha256:0b31b1c02ff458ad9b7b81cbdf8f028bd54699fa151f221d1e8de6817db93427";

  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Path EXAMPLES = Path.of("src/test/resources/cdevents");
  private static final Map<String, Change> RELEASES =
      Map.of(
          "service.deployed", Change.DEPLOYED,
          "service.upgraded", Change.UPGRADED,
          "service.rolledback", Change.ROLLED_BACK,
          "service.removed", Change.REMOVED);

  /** Every type of 0.1.2; all of them are of version 0.1.0. */
  private static final List<String> FIRST_TYPES =
      Pattern.compile(" ")
          .splitAsStream(
              "artifact.packaged artifact.published branch.created branch.deleted build.finished"
                  + " build.queued build.started change.abandoned change.created change.merged"
                  + " change.reviewed change.updated environment.created environment.deleted"
                  + " environment.modified pipelinerun.finished pipelinerun.queued"
                  + " pipelinerun.started repository.created repository.deleted"
                  + " repository.modified service.deployed service.published service.removed"
                  + " service.rolledback service.upgraded taskrun.finished taskrun.started"
                  + " testcase.finished testcase.queued testcase.started testsuite.finished"
                  + " testsuite.started")
          .toList();

  private static CdEventExample of(String name, JsonNode body) {
    return new CdEventExample(name, body.at("/context/type").stringValue(""), body);
  }

  /** The subject and the predicate. */
  private String kind() {
    return type.replaceAll("^dev\\.cdeventsx?\\.|\\.\\d+\\.\\d+\\.\\d+$", "");
  }

  /** What it says happened, where it is about a release. */
  public Optional<Change> change() {
    return Optional.ofNullable(RELEASES.get(kind())).filter(_ -> type.startsWith("dev.cdevents."));
  }

  /** All of them, of every version. */
  public static List<CdEventExample> all() throws IOException {
    List<CdEventExample> examples = new ArrayList<>();
    FIRST_TYPES.forEach(type -> examples.add(first(type)));
    try (Stream<Path> files = Files.walk(EXAMPLES)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".json")).sorted().toList()) {
        String name = EXAMPLES.relativize(file).toString();
        examples.add(of(name, JSON.readTree(Files.readString(file))));
      }
    }
    return examples;
  }

  private static CdEventExample first(String type) {
    String content =
        type.startsWith("service.") && !type.equals("service.removed")
            ? "\"environment\":{\"id\":\"test123\"},\"artifactId\":\"pkg:oci/myapp@"
                + DIGEST.replace(":", "%3A")
                + "\""
            : type.equals("service.removed") ? "\"environment\":{\"id\":\"test123\"}" : "";
    return of(
        "0.1.2/" + type.replace('.', '_') + ".json",
        JSON.readTree(
            """
            {"context": {
               "version": "0.1.2", "id": "271069a8-fc18-44f1-b38f-9d70a1695819",
               "source": "/event/source/123", "type": "dev.cdevents.%s.0.1.0",
               "timestamp": "2023-03-20T14:27:05.315384Z"},
             "subject": {
               "id": "mySubject123", "source": "/event/source/123", "type": "%s",
               "content": {%s}}}
            """
                .formatted(type, type.substring(0, type.indexOf('.')), content)));
  }
}
