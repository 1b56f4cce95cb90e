package dev.belay.intake.prometheus;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class SelectorsTest {
  private static void of(String expression, String... selectors) {
    assertEquals(List.of(selectors), Selectors.of(expression), expression);
  }

  @Test
  void findsEveryMetricWithItsLabelsOnce() {
    of("up", "up");
    of("up == 0", "up");
    of("rate(http_requests_total{code=~\"5..\"}[5m]) > 0.05", "http_requests_total{code=~\"5..\"}");
    of(
        "sum by (namespace) (rate(errors{job=\"a\"}[5m])) / sum by(namespace) (rate(all[5m])) >"
            + " .05",
        "errors{job=\"a\"}",
        "all");
    of("a - a offset 5m", "a");
    of("job:errors:rate5m > bool 1e3", "job:errors:rate5m");
  }

  @Test
  void takesNoLabelFunctionOrWordForAMetric() {
    of(
        "a * on (job, instance) group_left (version) b unless ignoring (x) c or d and e",
        "a",
        "b",
        "c",
        "d",
        "e");
    of("topk(3, sum without (pod) (m))", "m");
    of("histogram_quantile(0.9, sum by (le) (rate(d_bucket[1m])))", "d_bucket");
    of("a @ start() > Inf or vector(1)", "a");
    of("label_replace(a, \"x\", \"$1\", 'y', `(.*)`)", "a");
    of("max_over_time(a[1h:5m])", "a");
  }

  @Test
  void readsBracesAndQuotesAsPrometheusDoes() {
    of("{__name__=\"a.b\", x='}'} > 1", "{__name__=\"a.b\", x='}'}");
    of("a {x=\"by (b)\"}", "a{x=\"by (b)\"}");
    of("a # and b\n or c", "a", "c");
  }

  @Test
  void findsNoneWhereThereIsNone() {
    of("vector(1) > 0x1f");
    of("");
    of("time() - 5m30s");
  }

  @Test
  void conditionsComeBeforeThoseThatTheSelectorHas() {
    String more = "job=\"web\",";
    assertEquals("up{job=\"web\",}", Selectors.narrowed("up", more));
    assertEquals("up{job=\"web\",a=\"{\"}", Selectors.narrowed("up{a=\"{\"}", more));
    assertEquals("{job=\"web\",\"m.x\"}", Selectors.narrowed("{\"m.x\"}", more));
    assertEquals("up{a=\"b\"}", Selectors.narrowed("up{a=\"b\"}", ""));
    assertEquals("up", Selectors.narrowed("up", ""));
  }
}
