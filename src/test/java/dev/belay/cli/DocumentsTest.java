package dev.belay.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.app.config.ConfigLoader;
import dev.belay.app.config.Configured;
import dev.belay.core.incident.Reason;
import dev.belay.rules.Loaded;
import dev.belay.rules.RuleLoader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** What the documents show is true: rules load, commands exist, links lead somewhere. */
class DocumentsTest {
  private static final Pattern YAML = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);
  private static final Pattern LINK = Pattern.compile("]\\((?!http)([^)#]+)");
  private static final Pattern COMMAND =
      Pattern.compile("^\\./belay (\\S+)(.*)$", Pattern.MULTILINE);

  private static final Pattern WORD = Pattern.compile("\"[^\"]*\"|\\S+");

  private static final Pattern REASON =
      Pattern.compile("^\\| `(\\w+)` \\|[^|]+\\|[^|]+\\|$", Pattern.MULTILINE);

  private static final Pattern TEST_NAME = Pattern.compile("`(\\w+(?:Test|IT|Contract))`");

  @TempDir Path folder = Path.of("");

  @Test
  void everyRuleInTheReadmeLoads() throws IOException {
    Matcher block = YAML.matcher(Files.readString(Path.of("README.md")));
    assertTrue(block.find(), "the README shows no rule");
    do {
      Path file = Files.writeString(folder.resolve("readme.yml"), block.group(1));
      Loaded loaded = RuleLoader.load(file);
      assertTrue(loaded.usable(), () -> loaded.problems().toString());
    } while (block.find());
  }

  @Test
  void everyManifestForOtherToolsIsYamlAndEveryRuleBesideItLoads() throws IOException {
    int rules = 0;
    try (Stream<Path> documents = Files.list(Path.of("docs/integrations"))) {
      for (Path document : documents.sorted().toList()) {
        for (String text : blocks(document)) {
          if (text.startsWith("service:")) {
            rules++;
            Loaded loaded = RuleLoader.load(Files.writeString(folder.resolve("r.yml"), text));
            assertEquals(List.of(), loaded.problems(), document::toString);
            assertFalse(loaded.rules().services().getFirst().announcedAs().isEmpty());
          } else {
            manifests(text).forEach(manifest -> assertManifest(manifest, document));
          }
        }
      }
    }
    assertEquals(3, rules);
  }

  /** The keys of Argo CD's ConfigMap hold YAML, too. */
  @Test
  void argoCdIsToldToPostWithItsCredentials() throws IOException {
    Map<?, ?> configMap =
        (Map<?, ?>) manifests(blocks(Path.of("docs/integrations/argocd.md")).getFirst()).getFirst();
    Map<?, ?> keys = (Map<?, ?>) Objects.requireNonNull(configMap.get("data"));
    String template = String.valueOf(keys.get("template.belay-release"));
    assertTrue(template.contains("method: POST"), template);
    String service = String.valueOf(keys.get("service.webhook.belay"));
    assertTrue(service.contains("/webhooks/argocd") && service.contains("Authorization"), service);
    keys.values().forEach(value -> assertFalse(manifests(String.valueOf(value)).isEmpty()));
  }

  private static void assertManifest(Object manifest, Path document) {
    Map<?, ?> fields = assertInstanceOf(Map.class, manifest, document::toString);
    for (String key : List.of("apiVersion", "kind", "metadata")) {
      assertTrue(fields.containsKey(key), () -> document + " " + fields);
    }
  }

  private static List<String> blocks(Path document) throws IOException {
    return YAML.matcher(Files.readString(document)).results().map(found -> found.group(1)).toList();
  }

  private static List<Object> manifests(String yaml) {
    List<Object> documents = new ArrayList<>();
    new Load(LoadSettings.builder().build()).loadAllFromString(yaml).forEach(documents::add);
    return documents;
  }

  @Test
  void everyCommandInTheDocumentsIsUnderstood() throws IOException {
    for (String document : List.of("README.md", "docs/OPERATIONS.md")) {
      List<String> lines =
          COMMAND
              .matcher(Files.readString(Path.of(document)))
              .results()
              .map(found -> (found.group(1) + found.group(2)).replaceAll(" > .*", ""))
              .toList();
      assertFalse(lines.isEmpty(), document);
      for (String line : lines) {
        String[] words =
            WORD.matcher(line)
                .results()
                .map(found -> found.group().replace("\"", ""))
                .toArray(String[]::new);
        Main.commandLine().parseArgs(words);
      }
    }
  }

  /** Each says in its first line which file it is part of. */
  @Test
  void everyConfigurationInTheOperatorsGuideLoads() throws IOException {
    int own = 0;
    Files.createDirectories(folder.resolve("rules"));
    for (String text : blocks(Path.of("docs/OPERATIONS.md"))) {
      if (text.startsWith("# belay.yml\n")) {
        own++;
        Configured configured =
            ConfigLoader.load(Files.writeString(folder.resolve("belay.yml"), text), Map.of());
        assertEquals(List.of(), configured.problems());
      } else {
        assertTrue(text.matches("(?s)# (alertmanager|prometheus)\\.yml\n.*"), text);
        manifests(text).forEach(each -> assertInstanceOf(Map.class, each));
      }
    }
    assertEquals(1, own);
  }

  @Test
  void everyLinkLeadsToAFile() throws IOException {
    try (Stream<Path> top = Files.list(Path.of(""));
        Stream<Path> below = Files.walk(Path.of("docs"))) {
      for (Path document :
          Stream.concat(top, below).filter(path -> path.toString().endsWith(".md")).toList()) {
        Matcher link = LINK.matcher(Files.readString(document));
        while (link.find()) {
          Path target = document.toAbsolutePath().resolveSibling(link.group(1));
          assertTrue(Files.exists(target), document + " links to " + link.group(1));
        }
      }
    }
  }

  @Test
  void everyTestThatAGuaranteeNamesExists() throws IOException {
    List<String> names =
        TEST_NAME
            .matcher(Files.readString(Path.of("docs/GUARANTEES.md")))
            .results()
            .map(found -> found.group(1) + ".java")
            .distinct()
            .toList();
    assertFalse(names.isEmpty());
    try (Stream<Path> sources = Files.walk(Path.of("src/test/java"))) {
      List<String> files = sources.map(path -> path.getFileName().toString()).toList();
      names.forEach(name -> assertTrue(files.contains(name), name));
    }
  }

  @Test
  void everyReasonIsInTheReferenceWithWhatToDo() throws IOException {
    List<String> written =
        REASON
            .matcher(Files.readString(Path.of("docs/reference/reasons.md")))
            .results()
            .map(found -> found.group(1))
            .toList();
    assertEquals(Stream.of(Reason.values()).map(Reason::label).toList(), written);
  }

  @Test
  void theShippedRulesAreChecked() {
    StringWriter out = new StringWriter();
    int status = Main.commandLine().setOut(new PrintWriter(out)).execute("check", "rules");
    assertEquals(0, status, out.toString());
  }

  @Test
  void aWrongRuleIsNamedByPlaceAndTheStatusIsOne() throws IOException {
    Path file =
        Files.writeString(folder.resolve("wrong.yml"), "service: covet\nworklod: deployment/a/b\n");
    StringWriter out = new StringWriter();
    int status = Main.commandLine().setOut(new PrintWriter(out)).execute("check", file.toString());
    assertEquals(1, status);
    assertTrue(out.toString().contains("wrong.yml:2:1: "), out.toString());
    assertTrue(out.toString().contains("workload"), out.toString());
  }

  @Test
  void theConfigurationIsCheckedTooAndDecidesWhatIsMeasuredAndEvaluated() throws IOException {
    Path rules = Files.createDirectories(folder.resolve("rules"));
    Files.writeString(
        rules.resolve("covet.yml"),
        "service: covet\nrollback_triggers: { error_rate: '> 5% for 2m' }\n"
            + "groups: [ { name: g, rules: [ { alert: A, expr: a,"
            + " labels: { b: '{{ $value | humanize }}' } } ] } ]\n");
    assertTrue(checked(0, rules).contains("are measured only where"));
    Path config = folder.resolve("belay.yml");
    Files.writeString(config, "prometheus: { url: 'http://prometheus:9090' }\n");
    String measured = checked(0, rules, "--config", config.toString());
    assertFalse(measured.contains("are measured only where"), measured);
    Files.writeString(
        config, "prometheus: { url: 'http://prometheus:9090', evaluate_alerts: true }\n");
    assertTrue(checked(1, rules, "--config", config.toString()).contains("does not expand"));
    Files.writeString(config, "prometheus: { url: 'prometheus' }\n");
    assertTrue(checked(1, rules, "--config", config.toString()).contains("belay.yml:1:20: "));
  }

  private static String checked(int expected, Path rules, String... more) {
    StringWriter out = new StringWriter();
    String[] arguments =
        Stream.concat(Stream.of("check", rules.toString()), Stream.of(more)).toArray(String[]::new);
    int status = Main.commandLine().setOut(new PrintWriter(out)).execute(arguments);
    assertEquals(expected, status, out.toString());
    return out.toString();
  }
}
