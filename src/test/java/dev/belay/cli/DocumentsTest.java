package dev.belay.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.Documents;
import dev.belay.app.config.ConfigLoader;
import dev.belay.core.incident.Reason;
import dev.belay.rules.Loaded;
import dev.belay.rules.RuleLoader;
import dev.belay.rules.yaml.Problem;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import picocli.CommandLine;
import tools.jackson.databind.json.JsonMapper;

/** What the documents show is true: rules load, commands are known, links lead somewhere. */
class DocumentsTest {
  private static final Pattern YAML = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);
  private static final Pattern LINK = Pattern.compile("]\\((?!http)([^)#]+)(?:#([^)]+))?\\)");

  /**
   * The first line says which file of which program it is part of; DocumentsIT asks those, and
   * GithubWorkflowIT runs GitHub's.
   */
  private static final Pattern NAMED =
      Pattern.compile("# (?:alertmanager|prometheus|values|\\.github/workflows/ship)\\.ya?ml\\n");

  /** The top of a key, as the reference has it. */
  private static final Pattern KEY = Pattern.compile("^\\| `([a-z_]+)", Pattern.MULTILINE);

  private static final Pattern SECRET_WITH_DEFAULT =
      Pattern.compile("\\$\\{\\w*(?:TOKEN|PASSWORD|SECRET|KEY)\\w*:-");

  private static final Set<Path> PICTURED =
      Set.of(Path.of("README.md"), Path.of("docs/ARCHITECTURE.md"));

  private static final Set<Path> CHANNELS =
      Stream.of("slack", "pagerduty", "mail", "webhook")
          .map(name -> Path.of("docs/integrations", name + ".md"))
          .collect(Collectors.toUnmodifiableSet());

  /** What other programs are told to do, and what does it. */
  private static final Map<String, String> RUN_ELSEWHERE =
      Map.of(
          "docker run --read-only --tmpfs /tmp:exec --volume journal:/var/lib/belay"
              + " --volume \"$PWD/my-config:/etc/belay:ro\" --publish 9096:9096 belay",
          "src/test/java/dev/belay/e2e/ImageIT.java",
          "mvn verify",
          "pom.xml",
          "mvn -q -Pbench process-test-classes",
          "src/test/java/dev/belay/bench/EveryBench.java",
          "mvn -Pformat process-sources",
          "pom.xml",
          "docker build --tag belay .",
          "src/test/image/build.sh",
          "docker compose up --build --detach",
          "src/test/compose/run.sh",
          "docker compose run --rm ship 1.1",
          "src/test/compose/run.sh",
          "docker compose run --rm ship bad-1.2",
          "src/test/compose/run.sh",
          "promtool test rules alerts_test.yml",
          "src/test/java/dev/belay/e2e/MixinIT.java",
          "openssl rand -hex 32",
          "src/test/java/dev/belay/e2e/DocumentsIT.java");

  private static final Pattern WORD = Pattern.compile("\"[^\"]*\"|\\S+");

  private static final Pattern REASON =
      Pattern.compile("^\\| `(\\w+)` \\|[^|]+\\|[^|]+\\|$", Pattern.MULTILINE);

  private static final Pattern TEST_NAME = Pattern.compile("`(\\w+(?:Test|IT|Contract))`");

  @TempDir Path folder = Path.of("");

  @Test
  void everyBlockIsOfAKindThatATestKnows() throws IOException {
    int rules = 0;
    int configurations = 0;
    for (Documents.Block block : Documents.blocks()) {
      String text = block.text();
      switch (block.language()) {
        case "sh" -> assertFalse(block.commands().isEmpty(), block::toString);
        case "json" -> assertTrue(JsonMapper.shared().readTree(text).isObject(), block::toString);
        // Pictures.
        case "" -> assertTrue(PICTURED.contains(block.document()), block::toString);
        // ChannelDocumentsTest loads them.
        case "yml" -> assertTrue(CHANNELS.contains(block.document()), block::toString);
        case "yaml" -> {
          if (text.startsWith("service:")) {
            rules++;
            Loaded loaded = RuleLoader.load(Files.writeString(folder.resolve("r.yml"), text));
            assertEquals(List.of(), loaded.problems(), block::toString);
          } else if (text.startsWith("# belay.yml\n")) {
            configurations++;
            assertEquals(List.of(), problems(text), block::toString);
          } else if (NAMED.matcher(text).lookingAt()) {
            manifests(text).forEach(each -> assertInstanceOf(Map.class, each));
          } else {
            manifests(text).forEach(manifest -> assertManifest(manifest, block.document()));
          }
        }
        default -> throw new AssertionError("say here how this is tested: " + block);
      }
    }
    assertEquals(5, rules);
    assertEquals(1, configurations);
  }

  /** As far as it goes: what else a part would need is missing. */
  @Test
  void everyConfigurationWithinASentenceIsOne() throws IOException {
    Set<String> keys =
        KEY.matcher(Files.readString(Path.of("docs/reference/configuration.md")))
            .results()
            .map(found -> found.group(1))
            .collect(Collectors.toSet());
    List<String> shown =
        Documents.inline().stream()
            .filter(text -> text.matches("[a-z_]+: .+") && keys.contains(text.split(":", 2)[0]))
            .toList();
    assertTrue(shown.size() > 6, shown::toString);
    for (String text : shown) {
      List<Problem> wrong =
          problems(text).stream().filter(it -> !it.sentence().contains("is missing;")).toList();
      assertEquals(List.of(), wrong, text);
    }
  }

  /** A word that is published is no secret. */
  @Test
  void noSecretHasADefault() throws IOException {
    List<Path> shown = new ArrayList<>(Documents.all());
    try (Stream<Path> files = Files.walk(Path.of("config"))) {
      files.filter(Files::isRegularFile).forEach(shown::add);
    }
    for (Path file : shown) {
      assertEquals(
          List.of(),
          SECRET_WITH_DEFAULT
              .matcher(Files.readString(file))
              .results()
              .map(MatchResult::group)
              .toList(),
          file::toString);
    }
  }

  @Test
  void theFirstConfigurationKnowsTheTokensOfThoseWhoAreToldToUseThem() throws IOException {
    Path guide = Path.of("docs/OPERATIONS.md");
    String configuration = named(guide, "belay");
    assertEquals("intake", role(configuration, credentials(named(guide, "alertmanager"))));
    assertEquals("viewer", role(configuration, credentials(named(guide, "prometheus"))));
    Path alertmanager = Path.of("docs/integrations/alertmanager.md");
    assertEquals("intake", role(configuration, credentials(named(alertmanager, "alertmanager"))));
  }

  private static String named(Path document, String program) throws IOException {
    return blocks(document).stream()
        .filter(block -> block.startsWith("# " + program + ".yml\n"))
        .findFirst()
        .orElseThrow();
  }

  private static String credentials(String block) {
    return only(Pattern.compile("credentials_file: \\S*/([-a-z]+)"), block);
  }

  private static String role(String configuration, String file) {
    return only(Pattern.compile("file: \\S*/" + file + ", role: (\\w+)"), configuration);
  }

  private static String only(Pattern pattern, String text) {
    Matcher found = pattern.matcher(text);
    assertTrue(found.find(), () -> pattern + " in " + text);
    return found.group(1);
  }

  private List<Problem> problems(String configuration) throws IOException {
    Files.createDirectories(folder.resolve("rules"));
    Path secret = Files.writeString(folder.resolve("secret"), "s".repeat(32));
    return ConfigLoader.load(
            Files.writeString(
                folder.resolve("belay.yml"),
                configuration.replaceAll("/run/secrets/[-a-z]+", secret.toString())),
            Map.of())
        .problems();
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

  /** By its own defaults it holds a second service's alert back for up to five minutes. */
  @Test
  void alertmanagerIsToldToSendEachAlertAtOnce() {
    List<Map<?, ?>> routes =
        Documents.blocks().stream()
            .map(Documents.Block::text)
            .filter(text -> text.startsWith("# alertmanager.yml"))
            .map(text -> (Map<?, ?>) manifests(text).getFirst())
            .map(file -> (Map<?, ?>) Objects.requireNonNull(file.get("route")))
            .flatMap(root -> ((List<?>) Objects.requireNonNull(root.get("routes"))).stream())
            .<Map<?, ?>>map(route -> (Map<?, ?>) route)
            .filter(route -> "belay".equals(route.get("receiver")))
            .toList();
    assertEquals(4, routes.size(), "in each document the watchdog's, and that of all else");
    for (Map<?, ?> route : routes) {
      assertEquals("0s", route.get("group_wait"), route::toString);
      assertTrue(route.containsKey("group_interval"), route::toString);
      boolean all = !String.valueOf(route.get("matchers")).contains("Watchdog");
      assertEquals(all ? List.of("...") : null, route.get("group_by"), route::toString);
    }
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

  /** Belay's, kubectl's and helm's are run by DocumentsIT, which knows each; CurlIT has curl's. */
  @Test
  void everyCommandIsKnownToATest() {
    List<String> commands = new ArrayList<>(Documents.commands());
    commands.addAll(Documents.inlineCommands());
    for (String command : commands) {
      String program = command.split(" ", 2)[0].replace("./", "");
      switch (program) {
        case "belay" -> assertUnderstood(command);
        case "kubectl", "helm", "curl" -> {}
        default -> {
          Optional<String> by = Optional.ofNullable(RUN_ELSEWHERE.get(command));
          assertTrue(by.isPresent(), () -> "say here which test runs this: " + command);
          assertTrue(Files.exists(Path.of(by.orElseThrow())), by::toString);
        }
      }
    }
    assertTrue(commands.containsAll(RUN_ELSEWHERE.keySet()), commands::toString);
  }

  /** Amid a sentence what it is about may be left out. */
  private static void assertUnderstood(String command) {
    String[] words =
        WORD.matcher(command.replaceAll(" > .*", ""))
            .results()
            .skip(1)
            .map(found -> found.group().replace("\"", ""))
            .toArray(String[]::new);
    try {
      Main.commandLine().parseArgs(words);
    } catch (CommandLine.MissingParameterException e) {
      assertFalse(Documents.commands().contains(command), e::getMessage);
    }
  }

  @Test
  void everyLinkLeadsToAFileAndAHeading() throws IOException {
    for (Path document : Documents.all()) {
      Matcher link = LINK.matcher(Files.readString(document));
      while (link.find()) {
        Path target = document.toAbsolutePath().resolveSibling(link.group(1));
        assertTrue(Files.exists(target), document + " links to " + link.group(1));
        Optional<String> heading = Optional.ofNullable(link.group(2));
        if (heading.isPresent()) {
          assertTrue(
              headings(target).contains(heading.get()), document + " links to " + link.group());
        }
      }
    }
  }

  /** As GitHub names them in links. */
  private static List<String> headings(Path document) throws IOException {
    return Files.readString(document)
        .lines()
        .filter(line -> line.matches("#+ .*"))
        .map(line -> line.replaceFirst("#+ ", "").toLowerCase(Locale.ROOT))
        .map(heading -> heading.replaceAll("[^-\\w ]", "").replace(' ', '-'))
        .toList();
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
            + " labels: { b: '{{ query `up` }}' } } ] } ]\n");
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
