package dev.belay.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.core.engine.Fact;
import dev.belay.core.release.Announcement;
import dev.belay.core.release.Release;
import dev.belay.core.release.Workload;
import dev.belay.core.remediation.Observation;
import dev.belay.core.remediation.Target;
import dev.belay.port.Journal;
import dev.belay.sandbox.Scenario;
import dev.belay.sandbox.ServiceSpec;
import dev.belay.sandbox.World;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the world of {@code belay sandbox --config} rolls out, of what the daemon writes down. */
class ServedWorldTest {
  private Instant now = Instant.parse("2026-11-29T16:24:13Z");
  private final World world = Scenario.calm(() -> now);
  private final ServedWorld served = new ServedWorld(world);

  private void written(Fact... facts) {
    served.deploy(List.of(new Journal.Entry(now, List.of(facts))));
    // Long enough for any rollout.
    for (int i = 0; i < 600; i++) {
      now = now.plus(Duration.ofMillis(500));
      var _ = world.tick();
    }
  }

  private Fact.ReleaseRecorded release(String id, String source, String version) {
    return new Fact.ReleaseRecorded(
        "covet",
        new Release(
            id,
            source,
            "covet",
            "",
            Release.Change.DEPLOYED,
            Optional.of(version).filter(text -> !text.isEmpty()),
            Optional.empty(),
            now,
            Optional.empty(),
            Optional.empty()));
  }

  private String tag() {
    ServiceSpec covet = world.services().getFirst();
    return world.kubectl().pods(covet.namespace(), covet.deployment()).stream()
        .map(pod -> pod.image().substring(pod.image().lastIndexOf(':') + 1))
        .collect(Collectors.toCollection(TreeSet::new))
        .toString();
  }

  @Test
  void whatIsAnnouncedIsRolledOutOnce() {
    written(release("a", "ci", "1.1"));
    assertEquals("[1.1]", tag());
    written(release("b", "ci", "bad-1.2"));
    assertEquals("[bad-1.2]", tag());
    // It goes on, is seen in the cluster, and others speak of it too.
    written(release("a", "ci", "1.1"), release("rs-2@now", "belay/watch", ""));
    assertEquals("[bad-1.2]", tag());
  }

  /** Else a journal from before a restart has what is announced next be what brought it. */
  @Test
  void whatTheClusterBeginsWithHasRunForLong() {
    ServiceSpec covet = world.services().getFirst();
    Workload workload = new Workload("deployment", covet.namespace(), covet.deployment());
    Observation.OfWorkload seen =
        (Observation.OfWorkload) world.cluster().observe(new Target.OfWorkload(workload));
    assertTrue(seen.complete());
    assertEquals(now.minus(Duration.ofHours(1)), seen.current().orElseThrow().createdAt());
  }

  @Test
  void whatIsTakenForWhatTheClusterShowedBeforeIsRolledOutAllTheSame() {
    String seen = "rs-1@2026-11-29T16:24:13Z";
    written(release(seen, "belay/watch", ""));
    String begun = tag();
    assertEquals("[good-1.0]", begun);
    written(joined(seen, "1.7"));
    assertEquals("[1.7]", tag());
    // By another source, still soon after.
    written(joined(seen, "2.5"));
    assertEquals("[2.5]", tag());
    written(joined(seen, "2.5"));
    assertEquals("[2.5]", tag());
  }

  private Fact[] joined(String seen, String version) {
    return Stream.of(
            release(seen, "belay/watch", version),
            new Fact.ReleaseJoined(
                "covet",
                new Announcement(seen, "belay/watch"),
                new Announcement("a-" + version, "ci of " + version),
                now))
        .toArray(Fact[]::new);
  }
}
