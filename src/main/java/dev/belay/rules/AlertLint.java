package dev.belay.rules;

import dev.belay.rules.yaml.Fields;
import dev.belay.rules.yaml.Problems;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Knows classic mistakes in PromQL about errors and rollouts, the runbook's own among them. */
final class AlertLint {
  private static final Pattern TEXTS = Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*+\"|'[^']*+'");
  private static final Pattern RATE = Pattern.compile("\\b(?:rate|irate|increase)\\s*+\\(");
  private static final Pattern SMALL = Pattern.compile(">=?\\s*+0?\\.[0-9]++\\s*+$");
  private static final Pattern NAME = Pattern.compile("[A-Za-z_:][A-Za-z0-9_:]*+");

  private static final String RIGHT =
      "divide by all of them, as in sum(rate(http_requests_total{code=~\"5..\"}[5m])) /"
          + " sum(rate(http_requests_total[5m]))";

  /** Names that nothing exports, and those that were meant. */
  private static final Map<String, String> NAMES =
      Map.of(
          "kube_deployment_status_ready_replicas", "kube_deployment_status_replicas_ready",
          "kube_deployment_status_available_replicas", "kube_deployment_status_replicas_available");

  private AlertLint() {}

  /** Warns where a rate in events per second is compared as if it were a share. */
  static void check(Fields rule, String expr, Problems problems) {
    String bare = bare(expr);
    if (isNoShare(bare) && SMALL.matcher(bare.strip()).find()) {
      problems.warning(
          rule.at("expr"),
          "compares events per second with a small number as if it were a share: a busy service"
              + " crosses it when well, an idle one never does; "
              + RIGHT
              + " > 0.05");
    }
    Matcher names = NAME.matcher(bare);
    while (names.find()) {
      String right = NAMES.get(names.group());
      if (right != null) {
        problems.warning(
            rule.at("expr"),
            "nothing exports " + names.group() + ", so it never holds; write " + right);
      }
    }
  }

  /** Warns where a query for a share gives events per second. */
  static void checkShare(Fields signal, String query, Problems problems) {
    if (isNoShare(bare(query))) {
      problems.warning(
          signal.at("query"),
          "gives events per second where a share from 0 to 1 is asked for; " + RIGHT);
    }
  }

  private static boolean isNoShare(String bare) {
    return !bare.contains("/") && RATE.matcher(bare).find();
  }

  private static String bare(String expr) {
    return TEXTS.matcher(expr).replaceAll("\"\"");
  }
}
