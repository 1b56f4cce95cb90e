package dev.belay.app.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.rules.yaml.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The reference of the configuration says what the loader does. The loader itself is asked which
 * keys it knows: where a mapping has one that it does not know, it lists those that it does.
 */
final class ConfigurationReferenceTest {
  private static final Path REFERENCE = Path.of("docs/reference/configuration.md");

  /** A key, its default, and three more columns of which the last may be empty. */
  private static final Pattern ROW =
      Pattern.compile(
          "^\\| `([a-z_.\\[\\]]+)` \\|[^|]+\\| ([^|]+) \\|[^|]+\\|[^|]*\\|$", Pattern.MULTILINE);

  private static final Pattern KNOWN =
      Pattern.compile("unknown key \"\\?\" in .*; known here: (.*)");
  private static final String STRANGE = "{ \"?\": x }";

  /** What a part must have besides, to be read at all. */
  private static final Map<String, String> NEEDED =
      Map.of(
          "auth.bearer_tokens[]", "token: t",
          "auth.bearer_token_files[]", "file: key",
          "auth.basic[]", "username: u, password: p",
          "kafka", "brokers: [ 'k:1' ], topics: [ t ]",
          "mail", "host: h, from: a@example.com, to: [ b@example.com ]",
          "pagerduty", "routing_key: 0123456789abcdef0123456789abcdef",
          "prometheus", "url: 'http://p'");

  @TempDir private Path folder = Path.of("");

  @Test
  void everyKeyThatTheLoaderTakesIsInTheReferenceAndNoOther() throws IOException {
    Set<String> taken = new TreeSet<>();
    explore("", UnaryOperator.identity(), taken);
    assertTrue(taken.size() > 100, taken::toString);
    assertEquals(String.join("\n", taken), String.join("\n", rows().keySet()));
  }

  @Test
  void everyDefaultIsWhatTheLoaderTakesWhereNothingIsWritten() throws IOException {
    int checked = 0;
    for (Map.Entry<String, String> row : rows().entrySet()) {
      Matcher value = Pattern.compile("`(.*)`").matcher(row.getValue());
      if (value.matches()) {
        int dot = row.getKey().lastIndexOf('.');
        String part = row.getKey().substring(0, Math.max(dot, 0));
        String written = row.getKey().substring(dot + 1) + ": " + value.group(1);
        String needed = NEEDED.getOrDefault(part, "");
        assertEquals(
            good(within(part, needed)),
            good(within(part, needed.isEmpty() ? written : needed + ", " + written)),
            row::toString);
        checked++;
      }
    }
    assertTrue(checked > 35, "defaults that were checked: " + checked);
  }

  private static Map<String, String> rows() throws IOException {
    List<MatchResult> rows = ROW.matcher(Files.readString(REFERENCE)).results().toList();
    Map<String, String> defaults =
        rows.stream()
            .collect(
                Collectors.toMap(
                    row -> row.group(1), row -> row.group(2), (a, _) -> a, TreeMap::new));
    assertEquals(rows.size(), defaults.size(), "a key is there twice");
    return defaults;
  }

  /**
   * Finds what may be written at a place.
   *
   * @param path of the place, as the reference has it
   * @param nest the whole configuration, of what is written at the place
   */
  private void explore(String path, UnaryOperator<String> nest, Set<String> taken) {
    if (says(nest.apply(STRANGE), " must be a list,")) {
      explore(path + "[]", item -> nest.apply("[ " + item + " ]"), taken);
      return;
    }
    Optional<String> known = known(nest.apply(STRANGE));
    known.stream()
        .flatMap(keys -> Stream.of(keys.split(", ", -1)))
        .forEach(
            key ->
                explore(
                    path.isEmpty() ? key : path + "." + key,
                    value -> nest.apply("{ \"" + key + "\": " + value + " }"),
                    taken));
    // Some are a text, or a mapping that says more.
    if (known.isEmpty() || !says(nest.apply("x"), " must be a mapping with ")) {
      taken.add(path);
    }
  }

  private Optional<String> known(String text) {
    return load(text).problems().stream()
        .map(problem -> KNOWN.matcher(problem.sentence()))
        .filter(Matcher::matches)
        .map(matcher -> matcher.group(1))
        .findFirst();
  }

  private boolean says(String text, String part) {
    return load(text).problems().stream().map(Problem::sentence).anyMatch(it -> it.contains(part));
  }

  private BelayConfig good(String text) {
    Configured configured = load(text);
    assertTrue(configured.usable(), () -> text + " " + configured.problems());
    return configured.config();
  }

  private Configured load(String text) {
    try {
      Files.writeString(folder.resolve("key"), "t");
      return ConfigLoader.load(Files.writeString(folder.resolve("belay.yml"), text), Map.of());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String within(String part, String inner) {
    String text = "{ " + inner + " }";
    for (String key : List.of(part.split("\\.", -1)).reversed()) {
      if (key.endsWith("[]")) {
        text = "{ " + key.replace("[]", "") + ": [ " + text + " ] }";
      } else if (!key.isEmpty()) {
        text = "{ " + key + ": " + text + " }";
      }
    }
    return text;
  }
}
