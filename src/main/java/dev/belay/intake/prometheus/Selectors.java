package dev.belay.intake.prometheus;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the selectors of series in an expression of PromQL, without judging the rest of it: what
 * Prometheus accepts has them where they are looked for, and what it does not accept is not asked.
 */
final class Selectors {
  /** What stands for itself: an outcommented rest, a text, the labels, a number, a name. */
  private static final Pattern TOKEN =
      Pattern.compile(
          "(?<skip>#[^\\n"
              + "]*|\"(?:[^\"\\\\]|\\\\.)*+\"|'(?:[^'\\\\]|\\\\.)*+'|`[^`]*+`)"
              + "|(?<labels>\\{(?:[^\"'`}]|\"(?:[^\"\\\\]|\\\\.)*+\"|'(?:[^'\\\\]|\\\\.)*+'|`[^`]*+`)*+})"
              + "|(?<range>\\[[^\\]]*+])|(?<number>[0-9.][A-Za-z0-9_.]*+)"
              + "|(?<name>[A-Za-z_:][A-Za-z0-9_:]*+)|(?<other>\\S)");

  /** Names that are no metrics, wherever they stand. */
  private static final Set<String> WORDS =
      Set.of("and", "or", "unless", "atan2", "bool", "offset", "inf", "nan", "start", "end");

  /** After these stand labels in parentheses. */
  private static final Set<String> LISTS =
      Set.of("by", "without", "on", "ignoring", "group_left", "group_right");

  private Selectors() {}

  /**
   * The selector with more conditions.
   *
   * @param conditions each with a comma after it
   */
  static String narrowed(String selector, String conditions) {
    int labels = selector.indexOf('{');
    if (conditions.isEmpty()) {
      return selector;
    }
    return labels < 0
        ? selector + "{" + conditions + "}"
        : selector.substring(0, labels + 1) + conditions + selector.substring(labels + 1);
  }

  /** Each once, such as {@code up{job="shop"}}, in the order in which they stand. */
  static List<String> of(String expression) {
    Set<String> found = new LinkedHashSet<>();
    Matcher tokens = TOKEN.matcher(expression);
    Deque<Boolean> lists = new ArrayDeque<>();
    String pending = "";
    boolean list = false;
    while (tokens.find()) {
      if (tokens.group("skip") != null && tokens.group().startsWith("#")) {
        continue;
      }
      String text = tokens.group();
      if (tokens.group("labels") != null) {
        found.add(pending + text);
        pending = "";
        continue;
      }
      // With a parenthesis after it, or "by", it is a function.
      if (!pending.isEmpty() && !text.equals("(") && !LISTS.contains(text)) {
        found.add(pending);
      }
      pending = "";
      if (tokens.group("name") != null) {
        String word = text.toLowerCase(Locale.ROOT);
        list = LISTS.contains(word);
        boolean metric = !list && !WORDS.contains(word) && lists.stream().noneMatch(it -> it);
        pending = metric ? text : "";
      } else if (text.equals("(")) {
        lists.push(list);
        list = false;
      } else if (text.equals(")") && !lists.isEmpty()) {
        lists.pop();
      }
    }
    if (!pending.isEmpty()) {
      found.add(pending);
    }
    return List.copyOf(found);
  }
}
