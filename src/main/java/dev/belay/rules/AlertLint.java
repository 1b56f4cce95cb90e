package dev.belay.rules;

import dev.belay.rules.yaml.Fields;
import dev.belay.rules.yaml.Problems;
import java.util.regex.Pattern;

/** Knows one classic mistake in alerts about errors. */
final class AlertLint {
  private static final Pattern TEXTS = Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*+\"|'[^']*+'");
  private static final Pattern RATE = Pattern.compile("\\b(?:rate|irate|increase)\\s*+\\(");
  private static final Pattern SMALL = Pattern.compile(">=?\\s*+0?\\.[0-9]++\\s*+$");

  private AlertLint() {}

  /** Warns where a rate in events per second is compared as if it were a share. */
  static void check(Fields rule, String expr, Problems problems) {
    String bare = TEXTS.matcher(expr).replaceAll("\"\"");
    boolean share = bare.contains("/");
    if (!share && RATE.matcher(bare).find() && SMALL.matcher(bare.strip()).find()) {
      problems.warning(
          rule.at("expr"),
          "compares events per second with a small number as if it were a share: a busy service"
              + " crosses it when well, an idle one never does; divide by all of them, as in"
              + " sum(rate(http_requests_total{code=~\"5..\"}[5m])) /"
              + " sum(rate(http_requests_total[5m])) > 0.05");
    }
  }
}
