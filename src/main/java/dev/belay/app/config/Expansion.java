package dev.belay.app.config;

import dev.belay.rules.yaml.Problems;
import dev.belay.rules.yaml.Yaml;
import dev.belay.rules.yaml.Yaml.Entry;
import dev.belay.rules.yaml.Yaml.Kind;
import dev.belay.rules.yaml.Yaml.Mapping;
import dev.belay.rules.yaml.Yaml.Scalar;
import dev.belay.rules.yaml.Yaml.Sequence;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Puts the environment into values: {@code ${NAME}}, {@code ${NAME:-default}}; {@code $${NAME}}
 * stays as {@code ${NAME}}. Keys are left alone, and what is put in is not looked at again.
 */
final class Expansion {
  private static final Pattern VARIABLE =
      Pattern.compile("(\\$?)\\$\\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?}");
  private static final Pattern BROKEN = Pattern.compile("(?<!\\$)\\$\\{");

  private final Map<String, String> environment;
  private final Problems problems;

  Expansion(Map<String, String> environment, Problems problems) {
    this.environment = environment;
    this.problems = problems;
  }

  Yaml of(Yaml node) {
    return switch (node) {
      case Mapping mapping ->
          new Mapping(
              mapping.at(),
              mapping.entries().stream()
                  .map(entry -> new Entry(entry.at(), entry.key(), of(entry.value())))
                  .toList());
      case Sequence sequence ->
          new Sequence(sequence.at(), sequence.items().stream().map(this::of).toList());
      case Scalar scalar -> of(scalar);
    };
  }

  private Scalar of(Scalar scalar) {
    if (!scalar.text().contains("${")) {
      return scalar;
    }
    if (BROKEN.matcher(VARIABLE.matcher(scalar.text()).replaceAll("")).find()) {
      problems.error(
          scalar.at(),
          "\"${\" begins no variable; write ${NAME}, ${NAME:-default}, or $${ for the characters");
    }
    String text = VARIABLE.matcher(scalar.text()).replaceAll(it -> quoted(value(it, scalar)));
    return new Scalar(scalar.at(), text, Kind.EXPANDED);
  }

  private static String quoted(String value) {
    return java.util.regex.Matcher.quoteReplacement(value);
  }

  private String value(MatchResult variable, Scalar scalar) {
    if (!variable.group(1).isEmpty()) {
      return variable.group().substring(1);
    }
    String name = variable.group(2);
    String value = environment.getOrDefault(name, "");
    if (!value.isEmpty()) {
      return value;
    }
    if (variable.group(3) == null) {
      problems.error(
          scalar.at(),
          "the environment has no " + name + "; set it, or write ${" + name + ":-default}");
      // Not empty, lest the same place gets a second problem for that.
      return "unset";
    }
    return variable.group(3);
  }
}
