package dev.belay.kube;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.core.incident.Reason;
import dev.belay.core.release.Workload;
import dev.belay.core.remediation.ActionId;
import dev.belay.core.remediation.ConfigMapRef;
import dev.belay.core.remediation.Inspection;
import dev.belay.core.remediation.Outcome;
import dev.belay.core.remediation.Plan;
import dev.belay.core.remediation.Preflight;
import dev.belay.core.remediation.Target;
import dev.belay.port.ClusterUnavailable;
import dev.belay.sandbox.MemoryBaselines;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever becomes of a write, it is sent once, and what is said of it is true. */
final class FabricClusterFaultsTest {
  private static final Workload APP = new Workload("deployment", "shop", "app");
  private static final ActionId ID = new ActionId("00000000000000a1");

  private final ScriptedApi api = new ScriptedApi();
  @TempDir private Path folder;
  private KubernetesClient client;
  private FabricCluster cluster;
  private Plan.RollBack plan;

  FabricClusterFaultsTest() throws IOException {}

  @BeforeEach
  void connect() throws IOException {
    client =
        ClusterConnection.open(
            Optional.of(api.kubeconfig(folder)),
            Optional.of("here"),
            FabricCluster.DEFAULT_TIMEOUT);
    cluster = new FabricCluster(client, FabricCluster.DEFAULT_TIMEOUT, new MemoryBaselines());
    plan = Plans.rollBack(Plans.see(cluster, APP), 1);
  }

  @AfterEach
  void close() {
    client.close();
    api.close();
  }

  @Test
  void anAnswerIsAnAnswer() {
    assertInstanceOf(Outcome.Applied.class, apply());
    assertEquals(Inspection.Finding.EFFECTIVE, cluster.inspect(ID, plan).finding());
  }

  @Test
  void thePatchHoldsItsGuardsAndNotTheHash() {
    var _ = apply();

    String patch = api.writes().getFirst();
    assertTrue(patch.contains("{\"op\":\"test\",\"path\":\"/metadata/uid\",\"value\":\"d-1\"}"));
    assertTrue(patch.contains("{\"op\":\"test\",\"path\":\"/metadata/generation\",\"value\":2}"));
    assertTrue(patch.contains("/metadata/annotations/belay.dev~1action"), patch);
    assertEquals(-1, patch.indexOf("pod-template-hash"));
  }

  @Test
  void aPreflightWritesNothing() {
    assertEquals(new Preflight.Ready(plan), cluster.preflight(ID, plan));
    assertEquals(0, api.writes().size());
  }

  @Test
  void itSaysWhoItIs() {
    assertTrue(api.agents().stream().allMatch(agent -> agent.startsWith("belay/")));
  }

  @ParameterizedTest
  @ValueSource(ints = {409, 422})
  void aRefusalOfWhatStillStandsIsTheServers(int code) {
    api.onWrite((_, exchange) -> exchange.answer(code, "{\"message\": \"quota\"}"));

    assertRefused(Reason.CLUSTER_REFUSED, apply());
  }

  @ParameterizedTest
  @ValueSource(ints = {409, 422})
  void aRefusalAfterANewReleaseIsSuperseded(int code) {
    api.onWrite(
        (server, exchange) -> {
          server.ship("app:good-3");
          exchange.answer(code, "{}");
        });

    assertRefused(Reason.SUPERSEDED, apply());
  }

  @Test
  void aRefusalAfterAnyOtherChangeSaysSo() {
    api.onWrite(
        (server, exchange) -> {
          server.bumpGeneration();
          exchange.answer(422, "{}");
        });

    Outcome.Refused refused = assertRefused(Reason.SUPERSEDED, apply());
    assertTrue(refused.detail().startsWith("only its generation moved"), refused.detail());
  }

  @Test
  void aRefusalBecauseItHasHappenedIsAlreadyDone() {
    api.onWrite(
        (server, exchange) -> {
          server.takeEffect(exchange);
          exchange.answer(422, "{}");
        });

    assertInstanceOf(Outcome.AlreadyDone.class, apply());
  }

  @Test
  void aRefusalWhoseCauseCannotBeReadIsStillARefusal() {
    api.onWrite(
        (server, exchange) -> {
          server.answerReadsWith(500);
          exchange.answer(422, "{}");
        });

    assertRefused(Reason.SUPERSEDED, apply());
  }

  @Test
  void aLackingRightIsForbidden() {
    api.onWrite((_, exchange) -> exchange.answer(403, "{\"message\": \"no right to patch\"}"));

    Outcome.Refused refused = assertRefused(Reason.FORBIDDEN, apply());
    assertTrue(refused.detail().contains("no right to patch"), refused.detail());
  }

  @Test
  void aDeploymentThatWentIsMissing() {
    api.onWrite((_, exchange) -> exchange.answer(404, "{}"));

    assertRefused(Reason.TARGET_MISSING, apply());
  }

  @Test
  void fieldValuesAreNotRepeatedToPeople() {
    api.onWrite(
        (_, exchange) ->
            exchange.answer(
                422,
                """
                {"message": "is invalid: env[0].value: Invalid value: \\"hunter2\\"",
                 "details": {"causes": [{"reason": "FieldValueInvalid", "field": "env[0].value",
                   "message": "Invalid value: \\"hunter2\\""}]}}
                """));

    Outcome.Refused refused = assertRefused(Reason.CLUSTER_REFUSED, apply());
    assertEquals("HTTP 422: env[0].value: FieldValueInvalid", refused.detail());
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 408, 429, 500, 503})
  void anAnswerThatDecidesNothingIsDoubtful(int code) {
    api.onWrite((_, exchange) -> exchange.answer(code, "{}"));

    assertInstanceOf(Outcome.Doubtful.class, apply());
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 500, 504})
  void anErrorAfterTheEffectIsSeenThrough(int code) {
    api.onWrite(
        (server, exchange) -> {
          server.takeEffect(exchange);
          exchange.answer(code, "{}");
        });

    assertInstanceOf(Outcome.Applied.class, apply());
  }

  @Test
  void aSuccessWithoutTheMarkIsNotBelieved() {
    api.onWrite((_, exchange) -> exchange.answer(200, "<html>Sign in, please</html>"));

    assertInstanceOf(Outcome.Doubtful.class, apply());
  }

  @Test
  void aConnectionThatBreaksBeforeTheEffectIsDoubtful() {
    api.onWrite((_, exchange) -> exchange.breakConnection());

    assertInstanceOf(Outcome.Doubtful.class, apply());
  }

  @Test
  void aConnectionThatBreaksAfterTheEffectIsSeenThrough() {
    api.onWrite(
        (server, exchange) -> {
          server.takeEffect(exchange);
          exchange.breakConnection();
        });

    assertInstanceOf(Outcome.Applied.class, apply());
  }

  @Test
  void aLostAnswerAndABlindLookAreDoubtful() {
    api.onWrite(
        (server, exchange) -> {
          server.takeEffect(exchange);
          server.answerReadsWith(503);
          exchange.breakConnection();
        });

    assertInstanceOf(Outcome.Doubtful.class, apply());
  }

  @Test
  void anAnswerThatDoesNotComeIsDoubtful() {
    cluster = new FabricCluster(client, Duration.ofSeconds(2), new MemoryBaselines());
    api.onWrite((server, _) -> server.hang());

    assertInstanceOf(Outcome.Doubtful.class, apply());
  }

  @Test
  void anAnswerThatDoesNotComeAfterTheEffectIsSeenThrough() {
    cluster = new FabricCluster(client, Duration.ofSeconds(2), new MemoryBaselines());
    api.onWrite(
        (server, exchange) -> {
          server.takeEffect(exchange);
          server.hang();
        });

    assertInstanceOf(Outcome.Applied.class, apply());
  }

  @Test
  void whatWasNeverSentIsNotInDoubt() {
    api.close();

    Outcome outcome = cluster.apply(ID, plan);

    assertRefused(Reason.CLUSTER_UNAVAILABLE, outcome);
    assertThrows(ClusterUnavailable.class, () -> Plans.see(cluster, APP));
    assertThrows(ClusterUnavailable.class, () -> cluster.inspect(ID, plan));
    assertEquals(0, api.writes().size());
  }

  @Test
  void aSecondAttemptOnOneIdSendsNothing() {
    var _ = apply();

    assertInstanceOf(Outcome.AlreadyDone.class, cluster.apply(ID, plan));
    assertEquals(1, api.writes().size());
  }

  @ParameterizedTest
  @ValueSource(ints = {403, 429, 500})
  void whatCannotBeReadIsNotGuessed(int code) {
    api.answerReadsWith(code);

    assertThrows(ClusterUnavailable.class, () -> Plans.see(cluster, APP));
    assertThrows(ClusterUnavailable.class, () -> cluster.inspect(ID, plan));
    assertThrows(ClusterUnavailable.class, () -> cluster.settle(ID, plan));
    assertRefused(
        code == 403 ? Reason.FORBIDDEN : Reason.CLUSTER_UNAVAILABLE, cluster.apply(ID, plan));
    assertEquals(0, api.writes().size());
  }

  @Test
  void flagsAreSeenThroughALostAnswerToo() {
    Plan.SetFlags set = flags();
    api.onWrite(
        (server, exchange) -> {
          server.takeEffect(exchange);
          exchange.breakConnection();
        });

    assertInstanceOf(Outcome.Applied.class, cluster.apply(ID, set));
    assertEquals("false", api.flag("a/b~c"));
    assertEquals(1, api.writes().size());
  }

  @Test
  void flagsAreGuardedByEverythingThatWasRead() {
    var _ = cluster.apply(ID, flags());

    String patch = api.writes().getFirst();
    assertTrue(
        patch.contains("{\"op\":\"test\",\"path\":\"/data/a~1b~0c\",\"value\":\"true\"}"), patch);
    assertTrue(
        patch.contains(
            "{\"op\":\"replace\",\"path\":\"/metadata/resourceVersion\",\"value\":\"7\"}"),
        patch);
  }

  @Test
  void namesThatLeadElsewhereAreNotFollowed() {
    Workload hostile = new Workload("deployment", "shop/../../secrets", "app");

    assertInstanceOf(
        dev.belay.core.remediation.Observation.Missing.class,
        cluster.observe(new Target.OfWorkload(hostile)));
  }

  @Test
  void aClientThatRepeatsRequestsIsNotTaken() {
    client.getConfiguration().setRequestRetryBackoffLimit(3);

    assertThrows(
        IllegalArgumentException.class,
        () -> new FabricCluster(client, Duration.ofSeconds(1), new MemoryBaselines()));
  }

  private static Plan.SetFlags flags() {
    return new Plan.SetFlags(
        new ConfigMapRef("shop", "flags"),
        "c-1",
        new TreeMap<>(Map.of("a/b~c", Optional.of("true"))),
        new TreeMap<>(Map.of("a/b~c", "false")));
  }

  private Outcome apply() {
    Outcome outcome = cluster.apply(ID, plan);
    assertEquals(1, api.writes().size(), "sent once");
    return outcome;
  }

  private static Outcome.Refused assertRefused(Reason reason, Outcome outcome) {
    Outcome.Refused refused = assertInstanceOf(Outcome.Refused.class, outcome);
    assertEquals(reason, refused.reason(), refused.detail());
    return refused;
  }
}
