package dev.belay.kube;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.controlplane.ClusterNamespace;
import dev.belay.controlplane.ControlPlane;
import dev.belay.core.incident.Reason;
import dev.belay.core.release.TemplateChange;
import dev.belay.core.release.Workload;
import dev.belay.core.remediation.ActionId;
import dev.belay.core.remediation.Manifest;
import dev.belay.core.remediation.Observation;
import dev.belay.core.remediation.Outcome;
import dev.belay.core.remediation.Plan;
import dev.belay.core.remediation.Preflight;
import dev.belay.core.rule.WorkloadSelector;
import dev.belay.port.ClusterUnavailable;
import dev.belay.sandbox.MemoryBaselines;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What only a real API server can tell: rights, admission, what a template needs. */
final class FabricClusterIT {
  private static final ActionId ID = new ActionId("00000000000000a1");

  private final ControlPlane plane = ControlPlane.shared();
  private final ClusterNamespace namespace = new ClusterNamespace(plane, "fabric");
  private final Workload app = new Workload("deployment", namespace.name(), "app");
  private final FabricCluster cluster = connect(ControlPlane.ADMIN);
  private final FabricCluster limited = connect(ControlPlane.LIMITED);

  private FabricCluster connect(String context) {
    return FabricCluster.connect(
        Optional.of(plane.kubeconfig()),
        Optional.of(context),
        FabricCluster.DEFAULT_TIMEOUT,
        new MemoryBaselines());
  }

  @AfterEach
  void close() {
    cluster.close();
    limited.close();
  }

  @Test
  void aRevisionWhoseConfigMapIsGoneCannotBeReturnedTo() {
    needing("configMapRef: {name: gone}");

    Preflight.Refused refused = assertInstanceOf(Preflight.Refused.class, preflight(cluster));

    assertEquals(Reason.TARGET_MISSING, refused.reason());
    assertTrue(refused.detail().contains("configmaps/gone"), refused.detail());
  }

  @Test
  void whatAReturnChangesBesidesTheImageIsToldWithoutItsText() {
    needing("configMapRef: {name: settings}");
    Observation.OfWorkload seen = Plans.see(cluster, app);
    assertEquals(
        List.of(
            new TemplateChange(
                "spec.containers[app].envFrom[0].configMapRef.name",
                Optional.empty(),
                Optional.of(TemplateChange.HIDDEN))),
        seen.changes().get(seen.revisions().getLast().digest()));
  }

  @Test
  void aRevisionWhoseSecretIsGoneCannotBeReturnedTo() {
    needing("secretRef: {name: gone}");

    Preflight.Refused refused = assertInstanceOf(Preflight.Refused.class, preflight(cluster));

    assertTrue(refused.detail().contains("secrets/gone"), refused.detail());
  }

  @Test
  void whatIsOptionalMayBeGone() {
    needing("configMapRef: {name: gone, optional: true}");

    assertInstanceOf(Preflight.Ready.class, preflight(cluster));
  }

  @Test
  void rightsToReadSecretsAreNotNeeded() {
    needing("secretRef: {name: gone}");
    grant("get,list,patch");

    assertInstanceOf(Preflight.Ready.class, preflight(limited));
  }

  @Test
  void withoutTheRightToPatchItIsForbidden() {
    needing("configMapRef: {name: gone, optional: true}");
    grant("get,list");
    Plan.RollBack plan = Plans.rollBack(Plans.see(limited, app), 1);

    assertEquals(
        Reason.FORBIDDEN,
        assertInstanceOf(Preflight.Refused.class, limited.preflight(ID, plan)).reason());
    assertEquals(
        Reason.FORBIDDEN,
        assertInstanceOf(Outcome.Refused.class, limited.apply(ID, plan)).reason());
  }

  @Test
  void withoutTheRightToReadItSaysWhichToGrant() {
    ClusterUnavailable unavailable =
        assertThrows(ClusterUnavailable.class, () -> Plans.see(limited, app));

    String message = String.valueOf(unavailable.getMessage());
    assertTrue(message.contains("cannot get resource \"deployments\""), message);
  }

  @Test
  void aHalfOfAPlanIsTakenBackWhenTheOtherIsRefused() {
    Manifest fine = policy("fine", "{\"podSelector\": {}}");
    Manifest wrong =
        policy("wrong", "{\"podSelector\": {\"matchLabels\": {\"a\": \"not a value\"}}}");
    Plan plan = new Plan.ApplyManifests(List.of(fine, wrong));

    assertEquals(
        Reason.CLUSTER_REFUSED,
        assertInstanceOf(Preflight.Refused.class, cluster.preflight(ID, plan)).reason());
    Outcome.Refused refused = assertInstanceOf(Outcome.Refused.class, cluster.apply(ID, plan));

    assertTrue(refused.detail().contains("taken back: networkpolicy/"), refused.detail());
    assertEquals("", namespace.kubectl("get", "networkpolicy", "-o", "name"));
  }

  @Test
  void whatAnotherFieldManagerTookIsNotForced() {
    Plan plan = new Plan.ApplyManifests(List.of(policy("limit", "{\"podSelector\": {}}")));
    assertInstanceOf(Outcome.Applied.class, cluster.apply(ID, plan));
    namespace.kubectl(
        "patch",
        "networkpolicy/limit",
        "-p",
        "{\"spec\":{\"podSelector\":{\"matchLabels\":{\"a\":\"b\"}}}}",
        "--field-manager=person");
    Plan again =
        new Plan.ApplyManifests(
            List.of(policy("limit", "{\"podSelector\": {\"matchLabels\": {\"a\": \"c\"}}}")));

    Outcome.Refused refused =
        assertInstanceOf(
            Outcome.Refused.class, cluster.apply(new ActionId("00000000000000b2"), again));

    assertEquals(Reason.CLUSTER_REFUSED, refused.reason());
    assertTrue(refused.detail().contains("FieldManagerConflict"), refused.detail());
  }

  /** Two revisions, the first of which takes its environment from that source. */
  private void needing(String source) {
    namespace.create(
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: app}
        spec:
          replicas: 1
          selector: {matchLabels: {app: app}}
          template:
            metadata: {labels: {app: app}}
            spec:
              nodeName: node-1
              containers: [{name: app, image: "app:good-1", envFrom: [{%s}]}]
        """
            .formatted(source));
    namespace.awaitRollout("app");
    namespace.kubectl(
        "patch",
        "deployment/app",
        "--type=json",
        "-p",
        "[{\"op\":\"remove\",\"path\":\"/spec/template/spec/containers/0/envFrom\"}]");
    namespace.awaitRollout("app");
  }

  private Preflight preflight(FabricCluster by) {
    return by.preflight(ID, Plans.rollBack(Plans.see(by, app), 1));
  }

  @Test
  void whatMayBeListedInOneNamespaceIsFoundThereAndTheRestIsForbidden() {
    namespace.createDeployment("app", 1, "covet:good-1");
    grant("get,list,watch");
    WorkloadSelector here = selector(List.of(namespace.name()));
    assertEquals(Set.of(app), limited.find(here, here.places().getFirst()));

    WorkloadSelector everywhere = selector(List.of());
    ClusterUnavailable refused =
        assertThrows(
            ClusterUnavailable.class,
            () -> limited.find(everywhere, everywhere.places().getFirst()));
    assertTrue(String.valueOf(refused.getMessage()).contains("grant"), refused::getMessage);
  }

  private static WorkloadSelector selector(List<String> namespaces) {
    return new WorkloadSelector(List.of("deployment"), namespaces, List.of(), List.of());
  }

  private void grant(String verbs) {
    namespace.kubectl(
        "create",
        "role",
        "belay",
        "--verb=" + verbs,
        "--resource=deployments.apps,replicasets.apps");
    namespace.kubectl("create", "rolebinding", "belay", "--role=belay", "--user=limited");
  }

  private Manifest policy(String name, String spec) {
    return new Manifest(
        "networking.k8s.io/v1",
        "NetworkPolicy",
        namespace.name(),
        name,
        "{\"metadata\": {\"name\": \"" + name + "\"}, \"spec\": " + spec + "}");
  }
}
