package dev.belay.intake;

import static dev.belay.intake.Bodies.NOW;
import static dev.belay.intake.Bodies.bytes;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.core.engine.Event.ShipmentReceived;
import dev.belay.core.release.Release;
import dev.belay.core.release.Release.Change;
import dev.belay.core.release.Shipment;
import dev.belay.core.release.Shipper;
import dev.belay.core.release.Workload;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShipmentsTest {
  private static final Instant BEGAN = Instant.parse("2026-01-31T11:55:00Z");
  private static final Instant ENDED = Instant.parse("2026-01-31T11:58:00Z");
  private static final String COMMIT = "53d5f06a4ab8e0a4d9e3a2b7a3f1a6c8b0f7b2aa";
  private static final Workload APP = new Workload("deployment", "covet", "covet-app");

  private final Shipments shipments = new Shipments(IntakeLimits.standard());

  // ---- Argo CD

  @Test
  void aSyncThatIsHealthyIsAReleaseThatIsDone() {
    assertEquals(
        new Shipment(
            Shipper.ARGOCD,
            "covet",
            "covet",
            Optional.of("covet"),
            Optional.empty(),
            Set.of(APP),
            false,
            new Release(
                "covet@2026-01-31T11:55:00Z",
                "argocd",
                "covet",
                "",
                Change.DEPLOYED,
                Optional.of(COMMIT),
                Optional.of("ghcr.io/acme/covet:1.2.4"),
                BEGAN,
                Optional.of(ENDED),
                Optional.of("ada"))),
        taken(Shipper.ARGOCD, "argocd/deployed.json"));
  }

  @Test
  void aSyncThatRunsIsUnderWayAndItsImagesAreOldOnesToo() {
    Release release = taken(Shipper.ARGOCD, "argocd/running.json").release();
    assertEquals("covet@2026-01-31T11:55:00Z", release.id());
    assertEquals(Optional.empty(), release.finishedAt());
    assertEquals(Optional.empty(), release.image());
  }

  @Test
  void aSyncThatSucceededIsUnderWayUntilItIsHealthy() {
    String synced =
        new String(Bodies.of("argocd/deployed.json"), StandardCharsets.UTF_8)
            .replace("Healthy", "Progressing");
    Release release = taken(Shipper.ARGOCD, "", bytes(synced)).release();
    assertEquals(Optional.empty(), release.finishedAt());
    assertEquals(Optional.empty(), release.image());
  }

  @Test
  void ofSeveralSourcesEveryRevisionCounts() {
    Release release = taken(Shipper.ARGOCD, "argocd/several-sources.json").release();
    assertEquals(Optional.of(COMMIT + " 1.4.0"), release.version());
  }

  @Test
  void anotherClusterThanArgoCdsOwnIsNamed() {
    String elsewhere =
        new String(Bodies.of("argocd/deployed.json"), StandardCharsets.UTF_8)
            .replace("https://kubernetes.default.svc", "https://10.0.0.1");
    assertEquals(
        Optional.of("https://10.0.0.1"), taken(Shipper.ARGOCD, "", bytes(elsewhere)).cluster());
    assertEquals(Optional.empty(), taken(Shipper.ARGOCD, "argocd/several-sources.json").cluster());
  }

  // ---- Flux

  @Test
  void aKustomizationThatListsItsChangesIsUnderWay() {
    assertEquals(
        new Shipment(
            Shipper.FLUX,
            "kustomization/flux-system/covet",
            "covet",
            Optional.empty(),
            Optional.empty(),
            Set.of(APP),
            false,
            new Release(
                "7d0cdc51-ddcf-4743-b223-83ca5c699632@main@sha1:"
                    + "4d3a1c62cf6f7c6b0b0e6d1c2a7b8f9e0d1c2b3a",
                "flux",
                "kustomization/flux-system/covet",
                "",
                Change.DEPLOYED,
                Optional.of("4d3a1c62cf6f7c6b0b0e6d1c2a7b8f9e0d1c2b3a"),
                Optional.empty(),
                BEGAN,
                Optional.empty(),
                Optional.empty())),
        taken(Shipper.FLUX, "flux/progressing.json"));
  }

  @Test
  void everyKindOfWorkloadThatAKustomizationChangedIsNamed() {
    String body =
        new String(Bodies.of("flux/progressing.json"), StandardCharsets.UTF_8)
            .replace(
                "ConfigMap/covet/covet-config configured",
                "StatefulSet/covet/db created\\nRollout/covet/web configured\\n"
                    + "DaemonSet/covet/log deleted\\nNamespace/covet configured");
    assertEquals(
        Set.of(
            APP,
            new Workload("statefulset", "covet", "db"),
            new Workload("rollout", "covet", "web")),
        taken(Shipper.FLUX, "", bytes(body)).workloads());
  }

  @ParameterizedTest
  @CsvSource({"health-check-passed", "reconciliation-succeeded"})
  void whatOnlySaysThatSomethingHoldsConfirmsTheSameRelease(String file) {
    Shipment shipment = taken(Shipper.FLUX, "flux/" + file + ".json");
    assertTrue(shipment.confirms());
    assertEquals(Set.of(), shipment.workloads());
    assertEquals(
        taken(Shipper.FLUX, "flux/progressing.json").release().announcement(),
        shipment.release().announcement());
    assertTrue(shipment.release().finishedAt().isPresent());
  }

  @ParameterizedTest
  @CsvSource({
    "upgrade-succeeded, InstallSucceeded, DEPLOYED, 6.5.1",
    "upgrade-succeeded, UpgradeSucceeded, UPGRADED, 6.5.1",
    "upgrade-succeeded, UninstallSucceeded, REMOVED, 6.5.1",
    "rollback-succeeded, RollbackSucceeded, ROLLED_BACK, 6.5.0"
  })
  void aHelmReleaseTellsOfTheEnd(String file, String reason, Change change, String version) {
    String body =
        new String(Bodies.of("flux/" + file + ".json"), StandardCharsets.UTF_8)
            .replaceFirst("\"reason\": \"[A-Za-z]+\"", "\"reason\": \"" + reason + "\"");
    Shipment shipment = taken(Shipper.FLUX, "", bytes(body));
    assertEquals("helmrelease/covet/covet-app", shipment.thing());
    assertEquals(Optional.of("covet"), shipment.namespace());
    assertEquals("production", shipment.release().environment());
    assertEquals(change, shipment.release().change());
    assertEquals(Optional.of(version), shipment.release().version());
    assertEquals(Optional.of(BEGAN), shipment.release().finishedAt());
  }

  @Test
  void twoUpgradesOfOneChartVersionAreTwo() {
    String first = new String(Bodies.of("flux/upgrade-succeeded.json"), StandardCharsets.UTF_8);
    String second = first.replace("11:55:00Z", "11:57:00Z");
    assertTrue(
        !taken(Shipper.FLUX, "", bytes(first))
            .release()
            .id()
            .equals(taken(Shipper.FLUX, "", bytes(second)).release().id()));
  }

  @ParameterizedTest
  @CsvSource({
    "main@sha1:4d3a1c62, 4d3a1c62",
    "v1.2.4@sha1:4d3a1c62, v1.2.4",
    "latest@sha256:4d3a1c62, 4d3a1c62",
    "1.2.4-rc.1@sha256:4d3a1c62, 1.2.4-rc.1",
    "main/4d3a1c62, main/4d3a1c62"
  })
  void aRevisionIsCalledByItsVersionOrItsCommit(String revision, String version) {
    String body =
        new String(Bodies.of("flux/progressing.json"), StandardCharsets.UTF_8)
            .replace("main@sha1:4d3a1c62cf6f7c6b0b0e6d1c2a7b8f9e0d1c2b3a", revision);
    assertEquals(Optional.of(version), taken(Shipper.FLUX, "", bytes(body)).release().version());
  }

  // ---- GitHub

  @Test
  void aDeploymentInProgressIsUnderWay() {
    assertEquals(
        new Shipment(
            Shipper.GITHUB,
            "acme/covet",
            "Covet",
            Optional.empty(),
            Optional.empty(),
            Set.of(),
            false,
            new Release(
                "145988746",
                "github",
                "acme/covet",
                "production",
                Change.DEPLOYED,
                Optional.of("v1.2.4"),
                Optional.empty(),
                BEGAN,
                Optional.empty(),
                Optional.of("ada"))),
        taken(Shipper.GITHUB, "deployment_status", Bodies.of("github/in-progress.json")));
  }

  @Test
  void aDeploymentThatSucceededIsTheSameAndDone() {
    Release release =
        taken(Shipper.GITHUB, "deployment_status", Bodies.of("github/success.json")).release();
    assertEquals("145988746", release.id());
    assertEquals(Optional.of(ENDED), release.finishedAt());
  }

  @Test
  void aBranchIsNoVersion() {
    String body =
        new String(Bodies.of("github/success.json"), StandardCharsets.UTF_8)
            .replace("\"v1.2.4\"", "\"main\"");
    assertEquals(
        Optional.of("f95f852bd8fca8fcc58a9a2d6c842781e32a215e"),
        taken(Shipper.GITHUB, "deployment_status", bytes(body)).release().version());
  }

  // ---- what is no release

  @ParameterizedTest
  @CsvSource({
    "ARGOCD, '', argocd/failed, NOTHING_SHIPPED, the sync is Failed",
    "FLUX, '', flux/validation-failed, NOTHING_SHIPPED, ValidationFailed",
    "FLUX, '', flux/health-check-failed, NOTHING_SHIPPED, HealthCheckFailed",
    "FLUX, '', flux/upgrade-failed, NOTHING_SHIPPED, UpgradeFailed",
    "FLUX, '', flux/dependency-not-ready, IRRELEVANT, DependencyNotReady",
    "FLUX, '', flux/new-artifact, IRRELEVANT, a GitRepository releases nothing",
    "GITHUB, ping, github/ping, IRRELEVANT, Belay hears this webhook",
    "GITHUB, push, github/push, IRRELEVANT, push says nothing of a release",
    "GITHUB, deployment, github/deployment, NOTHING_SHIPPED, a deployment that was created",
    "GITHUB, deployment_status, github/waiting, NOTHING_SHIPPED, the deployment has not begun",
    "GITHUB, deployment_status, github/failure, NOTHING_SHIPPED, the deployment ended with failure",
    "GITHUB, deployment_status, github/preview, IRRELEVANT, an environment that comes and goes"
  })
  void whatIsNoReleaseIsIgnoredAndTheReasonSaid(
      Shipper by, String event, String file, Parsed.Ignorance why, String begin) {
    Parsed parsed = shipments.parse(by, event, Bodies.of(file + ".json"), NOW);
    Parsed.Ignored ignored = assertInstanceOf(Parsed.Ignored.class, parsed);
    assertEquals(why, ignored.why());
    assertTrue(ignored.sentence().orElseThrow().startsWith(begin), ignored::toString);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "ARGOCD|~~|[]|UNRECOGNIZED|the body must be a JSON object",
        "ARGOCD|~~|{|MALFORMED|the body is not JSON",
        "ARGOCD|~~|{}|INVALID|the field \"app\" is missing",
        "ARGOCD|~~|{\"app\":\"a\",\"phase\":\"Done\"}|INVALID|the field \"phase\" must be one of",
        "ARGOCD|~~|{\"app\":\"a\",\"phase\":\"Running\"}|INVALID|the field \"startedAt\" is"
            + " missing",
        "ARGOCD|~~|{\"name\":\"a\"}|INVALID|unknown field \"name\"; the known fields are app,",
        "FLUX|~~|{\"text\":\"hello\"}|INVALID|the field \"involvedObject\" must be an object",
        "FLUX|~~|{\"involvedObject\":{\"kind\":5}}|INVALID|the field \"involvedObject.kind\" must",
        "GITHUB|~~|{}|UNRECOGNIZED|the header X-GitHub-Event is missing",
        "GITHUB|deployment_status|{}|INVALID|the field \"deployment_status\" must be an object"
      })
  void whatIsMalformedIsRefusedWithItsPlace(
      Shipper by, String event, String body, Parsed.Refusal why, String begin) {
    Parsed parsed = shipments.parse(by, event, bytes(body), NOW);
    Parsed.Refused refused = assertInstanceOf(Parsed.Refused.class, parsed);
    assertEquals(why, refused.why());
    assertTrue(refused.sentence().startsWith(begin), refused::toString);
  }

  @Test
  void anApplicationThatWasNeverSyncedIsRefused() {
    assertInstanceOf(
        Parsed.Refused.class,
        shipments.parse(Shipper.ARGOCD, "", Bodies.of("argocd/never-synced.json"), NOW));
  }

  private Shipment taken(Shipper by, String file) {
    return taken(by, "", Bodies.of(file));
  }

  private Shipment taken(Shipper by, String event, byte[] body) {
    Parsed.Taken taken =
        assertInstanceOf(Parsed.Taken.class, shipments.parse(by, event, body, NOW));
    return ((ShipmentReceived) taken.event()).shipment();
  }
}
