package dev.belay.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.belay.core.incident.Reason;
import dev.belay.core.remediation.ActionId;
import dev.belay.core.remediation.ConfigMapRef;
import dev.belay.core.remediation.Inspection.Finding;
import dev.belay.core.remediation.Observation;
import dev.belay.core.remediation.Outcome;
import dev.belay.core.remediation.Plan;
import dev.belay.core.remediation.Target;
import dev.belay.port.ClusterUnavailable;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class MemoryClusterFaultsTest {
  private static final ConfigMapRef FLAGS = new ConfigMapRef("covet", "covet-config");
  private static final ActionId ID = new ActionId("00000000000000a1");

  private final VirtualClock clock = new VirtualClock();
  private final ControlPlane plane = new ControlPlane(clock, ImageBehavior.BY_TAG);
  private final Kubectl kubectl = new Kubectl(plane);

  @Test
  void aLostRequestHasNoEffect() {
    MemoryCluster cluster = cluster(new Faults.Fate.RequestLost());
    Plan plan = plan(cluster);
    assertInstanceOf(Outcome.Doubtful.class, cluster.apply(ID, plan));
    assertEquals(Finding.UNTOUCHED, cluster.inspect(ID, plan).finding());
    assertEquals(0, cluster.effects(ID));
  }

  @Test
  void aLostAnswerHasItsEffect() {
    MemoryCluster cluster = cluster(new Faults.Fate.AnswerLost());
    Plan plan = plan(cluster);
    assertInstanceOf(Outcome.Doubtful.class, cluster.apply(ID, plan));
    assertEquals(Finding.EFFECTIVE, cluster.inspect(ID, plan).finding());
    assertEquals(1, cluster.effects(ID));
    assertInstanceOf(Outcome.Doubtful.class, cluster.apply(ID, plan));
    assertEquals(1, cluster.effects(ID));
  }

  @Test
  void aLateRequestIsCarriedOutUnderItsGuards() {
    MemoryCluster cluster = cluster(new Faults.Fate.Late(Duration.ofSeconds(3)));
    Plan plan = plan(cluster);
    assertInstanceOf(Outcome.Doubtful.class, cluster.apply(ID, plan));
    assertEquals(Finding.UNTOUCHED, cluster.inspect(ID, plan).finding());
    clock.pass(Duration.ofSeconds(1));
    kubectl.editConfigMap("covet", "covet-config", "FEATURE", Optional.of("maybe"));
    clock.pass(Duration.ofSeconds(5));
    assertEquals(0, cluster.effects(ID));
    assertEquals("maybe", kubectl.configMap("covet", "covet-config").orElseThrow().get("FEATURE"));
  }

  @Test
  void aLateRequestTakesEffectOnce() {
    MemoryCluster cluster = cluster(new Faults.Fate.Late(Duration.ofSeconds(3)));
    Plan plan = plan(cluster);
    assertInstanceOf(Outcome.Doubtful.class, cluster.apply(ID, plan));
    assertInstanceOf(Outcome.Doubtful.class, cluster.apply(ID, plan));
    clock.pass(Duration.ofSeconds(5));
    assertEquals(1, cluster.effects(ID));
    assertEquals(Finding.EFFECTIVE, cluster.inspect(ID, plan).finding());
  }

  @Test
  void aRefusalHasNoEffect() {
    MemoryCluster cluster =
        cluster(new Faults.Fate.Refused(Reason.FORBIDDEN, "configmaps is forbidden"));
    Plan plan = plan(cluster);
    assertEquals(
        Reason.FORBIDDEN,
        assertInstanceOf(Outcome.Refused.class, cluster.apply(ID, plan)).reason());
    assertEquals(0, cluster.effects(ID));
  }

  @Test
  void readsThatGetNoAnswerSaySo() {
    MemoryCluster cluster =
        new MemoryCluster(
            plane,
            new Faults() {
              @Override
              public Optional<String> silence(Read read) {
                return Optional.of("the API server is away");
              }
            });
    assertThrows(ClusterUnavailable.class, () -> cluster.observe(new Target.OfConfigMap(FLAGS)));
  }

  private MemoryCluster cluster(Faults.Fate fate) {
    kubectl.createConfigMap("covet", "covet-config", Map.of("FEATURE", "true"), false);
    return new MemoryCluster(
        plane,
        new Faults() {
          @Override
          public Fate fate(ActionId id, Plan plan) {
            return fate;
          }
        });
  }

  private static Plan plan(MemoryCluster cluster) {
    Observation.OfConfigMap seen =
        assertInstanceOf(
            Observation.OfConfigMap.class, cluster.observe(new Target.OfConfigMap(FLAGS)));
    return new Plan.SetFlags(
        FLAGS,
        seen.uid(),
        new TreeMap<>(Map.of("FEATURE", Optional.of("true"))),
        new TreeMap<>(Map.of("FEATURE", "false")));
  }
}
