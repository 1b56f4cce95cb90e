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

  @Test
  void whatIsKeptIsFoundAsItWas() {
    Baselines store = store();
    Baseline kept = baseline(APP, 1);
    assertEquals(Set.of(), store.kept(APP));
    store.keep(kept);
    store.keep(kept);
    assertEquals(Set.of(kept.revision().digest()), store.kept(APP));
    Baseline found = store.find(APP, kept.revision().digest()).orElseThrow();
    assertEquals(kept.revision(), found.revision());
    assertEquals(kept.uid(), found.uid());
    assertEquals(TemplateDigest.of(kept.template()), TemplateDigest.of(found.template()));
  }

  @Test
  void nothingIsFoundOfAnotherWorkloadOrTemplate() {
    Baselines store = store();
    Baseline kept = baseline(APP, 1);
    store.keep(kept);
    Workload other = new Workload("deployment", "covet", "other");
    assertEquals(Set.of(), store.kept(other));
    assertEquals(Optional.empty(), store.find(other, kept.revision().digest()));
    assertEquals(Optional.empty(), store.find(APP, baseline(APP, 2).revision().digest()));
  }

  @Test
  void theOnesThatWereKeptFirstMakeRoom() {
    Baselines store = store();
    for (int number = 1; number <= Baselines.AT_MOST + 1; number++) {
      store.keep(baseline(APP, number));
    }
    assertEquals(Baselines.AT_MOST, store.kept(APP).size());
    assertEquals(Optional.empty(), store.find(APP, baseline(APP, 1).revision().digest()));
  }
}
