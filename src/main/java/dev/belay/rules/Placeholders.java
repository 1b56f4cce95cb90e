package dev.belay.rules;

import dev.belay.core.release.Workload;
import dev.belay.core.rule.Fleet;
import dev.belay.rules.yaml.Nearest;
import dev.belay.rules.yaml.Quoted;
import dev.belay.rules.yaml.Reading;
import dev.belay.rules.yaml.Unreadable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What stands in a fleet's rule where each service has its own. */
final class Placeholders {
  private static final Pattern LIKE_ONE = Pattern.compile("\\{[A-Za-z_]*\\}");
  private static final Workload SAMPLE = new Workload("deployment", "a", "a");

  private Placeholders() {}

  /** The text, if each of its placeholders is known. */
  static String checked(String text) throws Unreadable {
    Matcher found = LIKE_ONE.matcher(text);
    while (found.find()) {
      if (!Fleet.PLACEHOLDERS.contains(found.group())) {
        throw new Unreadable(
            Quoted.of(found.group())
                + " is no placeholder"
                + Nearest.hint(found.group(), Fleet.PLACEHOLDERS));
      }
    }
    return text;
  }

  /** Reads a text that makes sense once a workload's own stands in it. */
  static Reading<String> filled(Reading<String> reading) {
    return text -> {
      String checked = checked(text);
      reading.read(Fleet.filled(checked, SAMPLE));
      return checked;
    };
  }
}
