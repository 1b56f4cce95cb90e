package dev.belay.port;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.belay.core.release.Revision;
import dev.belay.core.release.TemplateDigest;
import dev.belay.core.release.Workload;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What every {@link Baselines} does. */
public abstract class BaselinesContract {
  protected static final Workload APP = new Workload("deployment", "covet", "covet-app.v1");

  /** An empty store. */
  protected abstract Baselines store();

  /** One whose template has the image of this number. */
  protected static Baseline baseline(Workload workload, int number) {
    Map<String, Object> container = new LinkedHashMap<>();
    container.put("name", "app");
    container.put("image", "covet:" + number);
    container.put("stdin", true);
    container.put("ports", Arrays.asList(80, 9e3, null));
    Map<String, Object> template = Map.of("spec", Map.of("containers", List.of(container)));
    return new Baseline(
        workload,
        "uid-" + workload.name(),
        new Revision(
            "rs-" + number,
            number,
            TemplateDigest.of(template),
            List.of("covet:" + number),
            Instant.parse("2026-03-01T00:00:00Z").plusSeconds(number),
            0,
            Optional.of("because")),
        template);
  }

  protected static String digest(Baseline baseline) {
    return baseline.revision().digest();
  }

  @Test
  void whatIsKeptIsFoundAsItWas() {
    Baselines store = store();
    Baseline kept = baseline(APP, 1);
    assertEquals(Set.of(), store.kept(APP, kept.uid()));
    store.keep(kept);
    store.keep(kept);
    assertEquals(Set.of(digest(kept)), store.kept(APP, kept.uid()));
    Baseline found = store.find(APP, kept.uid(), digest(kept)).orElseThrow();
    assertEquals(kept.revision(), found.revision());
    assertEquals(TemplateDigest.of(kept.template()), TemplateDigest.of(found.template()));
  }

  @Test
  void nothingIsFoundOfAnotherWorkloadOrTemplate() {
    Baselines store = store();
    Baseline kept = baseline(APP, 1);
    store.keep(kept);
    Workload other = new Workload("deployment", "covet", "other");
    assertEquals(Set.of(), store.kept(other, kept.uid()));
    assertEquals(Optional.empty(), store.find(other, kept.uid(), digest(kept)));
    assertEquals(Set.of(), store.kept(APP, "another"));
    assertEquals(Optional.empty(), store.find(APP, "another", digest(kept)));
    assertEquals(Optional.empty(), store.find(APP, kept.uid(), digest(baseline(APP, 2))));
  }

  @Test
  void theLastWorkloadOfTheNameHasTheTemplate() {
    Baselines store = store();
    Baseline first = baseline(APP, 1);
    Baseline second = new Baseline(APP, "another", first.revision(), first.template());
    store.keep(first);
    store.keep(second);
    assertEquals(Set.of(digest(second)), store.kept(APP, "another"));
    assertEquals(Set.of(), store.kept(APP, first.uid()));
  }

  @Test
  void whatIsWantedNoMoreIsForgotten() {
    Baselines store = store();
    Baseline first = baseline(APP, 1);
    Baseline second = baseline(APP, 2);
    store.keep(first);
    store.keep(second);
    store.want(APP, List.of(digest(second), digest(baseline(APP, 3))));
    assertEquals(Set.of(digest(second), digest(baseline(APP, 3))), store.wanted(APP));
    assertEquals(Set.of(digest(second)), store.kept(APP, first.uid()));
    assertEquals(Optional.empty(), store.find(APP, first.uid(), digest(first)));
  }
}
