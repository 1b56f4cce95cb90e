package dev.belay.core.rule;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import dev.belay.core.alert.Labels;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The part of Prometheus's templates that Belay expands, to the same text: an alert's labels, its
 * value and the external labels, as <code>{{ $labels.NAME }}</code>, {@code $value} and {@code
 * $externalLabels.NAME}, or with a dot as {@code .Labels.NAME} and so on, and what {@link
 * TemplateFunctions} make of them. The rest is Go's language, and is left as it stands.
 */
public final class Template {
  private static final String QUOTED = "\"(?:[^\"\\\\\n]|\\\\.)*\"|`[^`]*`";

  /** What stands in braces, and whether the white space before or after it goes. */
  private static final Pattern ACTION =
      Pattern.compile(
          "\\{\\{(?P<before>-[ \\t\\r\\n])?(?P<inner>(?:[^\"`{}]|"
              + QUOTED
              + ")*?)(?P<after>[ \\t\\r\\n]-)?\\}\\}");

  private static final Pattern WORD = Pattern.compile(QUOTED + "|\\||[^\\s|\"`]+");

  private static final Pattern FIELD =
      Pattern.compile(
          "(?:\\$(labels|externalLabels)|\\.(Labels|ExternalLabels))\\.([\\pL_][\\pL\\p{Nd}_]*)");

  /** What Go takes for white space around an action. */
  private static final Pattern SPACE_BEFORE = Pattern.compile("\\A[ \\t\\r\\n]+");

  private static final Pattern SPACE_AFTER = Pattern.compile("[ \\t\\r\\n]+\\z");

  private static final Pattern ESCAPE = Pattern.compile("\\\\(.)");

  private final Labels labels;
  private final double value;
  private final Map<String, String> external;

  private Template(Labels labels, double value, Map<String, String> external) {
    this.labels = labels;
    this.value = value;
    this.external = external;
  }

  /** Whether all of it can be expanded. */
  public static boolean known(String text) {
    // What an action is made of does not depend on the series.
    Template any = new Template(Labels.NONE, 1, Map.of());
    Matcher action = ACTION.matcher(text);
    StringBuilder rest = new StringBuilder();
    int end = 0;
    while (action.find()) {
      if (any.result(action.group("inner")).isEmpty()) {
        return false;
      }
      rest.append(text, end, action.start()).append(' ');
      end = action.end();
    }
    return !rest.append(text, end, text.length()).toString().contains("{{");
  }

  /**
   * The text for one series.
   *
   * @param labels the series' own; one that it lacks is nothing
   * @param external what Prometheus adds to the alerts that it sends
   */
  public static String expand(
      String text, Labels labels, double value, Map<String, String> external) {
    return text.contains("{{") ? new Template(labels, value, external).expanded(text) : text;
  }

  private String expanded(String text) {
    StringBuilder expanded = new StringBuilder();
    Matcher action = ACTION.matcher(text);
    int end = 0;
    boolean trims = false;
    while (action.find()) {
      Optional<Object> result = result(action.group("inner"));
      String before = text.substring(end, action.start());
      before = trims ? SPACE_BEFORE.matcher(before).replaceFirst("") : before;
      trims = result.isPresent() && action.group("after") != null;
      expanded
          .append(
              result.isPresent() && action.group("before") != null
                  ? SPACE_AFTER.matcher(before).replaceFirst("")
                  : before)
          .append(result.map(TemplateFunctions::text).orElse(action.group()));
      end = action.end();
    }
    String rest = text.substring(end);
    return expanded.append(trims ? SPACE_BEFORE.matcher(rest).replaceFirst("") : rest).toString();
  }

  /** What a pipeline gives; empty where Belay does not know what that would be. */
  private Optional<Object> result(String pipeline) {
    Optional<Object> result = Optional.empty();
    List<String> command = new ArrayList<>();
    List<List<String>> commands = new ArrayList<>(List.of(command));
    Matcher word = WORD.matcher(pipeline);
    while (word.find()) {
      if (word.group().equals("|")) {
        command = new ArrayList<>();
        commands.add(command);
      } else {
        command.add(word.group());
      }
    }
    for (int i = 0; i < commands.size(); i++) {
      if (i > 0 && result.isEmpty()) {
        return result;
      }
      result = result(commands.get(i), result);
    }
    return result;
  }

  /**
   * What a command gives.
   *
   * @param piped its last argument
   */
  private Optional<Object> result(List<String> command, Optional<Object> piped) {
    if (command.size() == 1 && piped.isEmpty()) {
      return operand(command.getFirst());
    }
    if (command.isEmpty() || (command.getFirst().equals("printf") && !formatted(command))) {
      return Optional.empty();
    }
    List<Object> arguments = new ArrayList<>();
    for (String word : command.subList(1, command.size())) {
      Optional<Object> argument = operand(word);
      if (argument.isEmpty()) {
        return argument;
      }
      arguments.add(argument.get());
    }
    piped.ifPresent(arguments::add);
    return TemplateFunctions.call(command.getFirst(), arguments);
  }

  /** Whether the format stands there: one that a series gives may be anything. */
  private static boolean formatted(List<String> printf) {
    return printf.size() > 1 && literal(printf.get(1)).isPresent();
  }

  private Optional<Object> operand(String word) {
    if (word.equals("$value") || word.equals(".Value")) {
      return Optional.of(value);
    }
    Matcher field = FIELD.matcher(word);
    if (field.matches()) {
      String of = field.group(1) == null ? field.group(2) : field.group(1);
      String name = field.group(3);
      return Optional.of(
          of.equalsIgnoreCase("labels")
              ? labels.get(name).orElse("")
              : external.getOrDefault(name, ""));
    }
    return literal(word);
  }

  private static Optional<Object> literal(String word) {
    if (word.startsWith("`")) {
      return Optional.of(word.substring(1, word.length() - 1).replace("\r", ""));
    }
    if (!word.startsWith("\"")) {
      return Optional.empty();
    }
    String text = word.substring(1, word.length() - 1);
    Matcher escape = ESCAPE.matcher(text);
    StringBuilder plain = new StringBuilder();
    int end = 0;
    while (escape.find()) {
      plain.append(text, end, escape.start());
      switch (escape.group(1)) {
        case "n" -> plain.append('\n');
        case "t" -> plain.append('\t');
        case "\\", "\"" -> plain.append(escape.group(1));
        default -> {
          return Optional.empty();
        }
      }
      end = escape.end();
    }
    return Optional.of(plain.append(text, end, text.length()).toString());
  }
}
