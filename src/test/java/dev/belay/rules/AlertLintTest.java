package dev.belay.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AlertLintTest {
  @TempDir private Path folder = Path.of("");

  /** What is said of an alert by this expression. */
  private List<String> ofAlert(String expr) {
    return new Written(folder)
        .file(
            "alerts.yml",
            """
            groups:
              - name: g
                rules:
                  - alert: Errors
                    expr: >-
                      %s
            """
                .formatted(expr))
        .problems();
  }

  /** What is said of a signal by this query. */
  private List<String> ofSignal(String signal, String query) {
    return new Written(folder)
            .file(
                "shop.yml",
                """
                service: shop
                workload: deployment/shop/app
                match: { namespace: shop }
                signals:
                  %s:
                    query: >-
                      %s
                """
                    .formatted(signal, query))
            .problems()
            .stream()
            .filter(problem -> problem.contains("share"))
            .toList();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sum(rate(http_requests_total{code=~\"5..\"}[5m])) > 0.05",
        "rate(errors[5m]) >= .1",
        "irate(errors{path=\"/a/b\"}[5m]) > 0.5"
      })
  void aRateThatIsComparedAsIfItWereAShareIsNamedWithTheRemedy(String expr) {
    List<String> problems = ofAlert(expr);
    assertEquals(1, problems.size(), problems::toString);
    assertTrue(
        problems.getFirst().startsWith("alerts.yml:5:9: warning: compares events per second"),
        problems::toString);
    assertTrue(
        problems.getFirst().contains("/ sum(rate(http_requests_total[5m])) > 0.05"),
        problems::toString);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sum(rate(http_requests_total{code=~\"5..\"}[5m])) / sum(rate(http_requests_total[5m])) >"
            + " 0.05",
        "rate(errors[5m]) > 5",
        "errors > 0.05"
      })
  void aShareACountAndALargeNumberAreNoMistakes(String expr) {
    assertEquals(List.of(), ofAlert(expr));
  }

  @Test
  void aNameThatNothingExportsIsNamedWithTheOneThatIsMeant() {
    List<String> problems = ofAlert("kube_deployment_status_ready_replicas < 1");
    assertEquals(1, problems.size(), problems::toString);
    assertTrue(
        problems.getFirst().endsWith("write kube_deployment_status_replicas_ready"),
        problems::toString);
  }

  @Test
  void aQueryOfOnesOwnThatGivesARateIsNoShare() {
    List<String> problems =
        ofSignal("error_rate", "sum(rate(http_requests_total{code=~\"5..\",path=\"/a\"}[5m]))");
    assertEquals(1, problems.size(), problems::toString);
    assertTrue(
        problems.getFirst().startsWith("shop.yml:6:5: warning: gives events per second where"),
        problems::toString);
  }

  @Test
  void aQueryOfOnesOwnForAShareOrForSecondsIsNoMistake() {
    assertEquals(
        List.of(), ofSignal("error_rate", "sum(rate(errors[5m])) / sum(rate(requests[5m]))"));
    assertEquals(List.of(), ofSignal("availability", "avg(probe_success)"));
    assertEquals(List.of(), ofSignal("response_time", "sum(rate(seconds_sum[5m]))"));
  }
}
