package dev.belay.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.controlplane.Eventually;
import dev.belay.controlplane.FreePort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * The operators' guide on backup and restore, to the letter: two backups are taken of a Belay that
 * runs, one before it rolls a release back and one after, and a new Belay is started on each.
 */
final class RestoreIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final Duration GRACE = Duration.ofSeconds(20);

  @TempDir private Path folder = Path.of("");

  @RegisterExtension final Opened opened = new Opened();

  private final int port = FreePort.next();

  @Test
  void aRestoredBelayKnowsTheIncidentAndDoesNotDoAgainWhatItsMarkSaysWasDone() throws Exception {
    Covet covet = Covet.deployed(port);
    covet.writeRule(folder.resolve("rules"), "HighErrorRate", "propose 30m", "10m");
    Path configuration = BelayProcess.acting(folder, port, covet.plane().kubeconfig(), GRACE);
    BelayProcess belay = opened.keep(BelayProcess.start(configuration, port));
    try {
      covet.awaitKnownGood(Covet.V1);
      covet.ship(Covet.V2);
      covet.awaitReady(Covet.V2);
      Eventually.holds("the release is seen", SOON, () -> !covet.releases().isEmpty());
      alert(covet, Optional.empty());
      JsonNode proposed = awaitRun(covet, "proposed");
      backup("before");
      backup("before-too");
      approve(proposed);
      String action = Covet.action(covet.awaitAction());
      assertEquals(proposed.path("action").asString(), action);
      awaitRun(covet, "verifying");
      backup("after");
      assertEquals(Optional.of(0), belay.stop(GRACE), "exit status");

      restore("after");
      belay = opened.keep(BelayProcess.start(configuration, port));
      assertEquals(action, awaitRun(covet, "verifying").path("action").asString());
      alert(covet, Optional.of(Instant.now()));
      assertEquals("verified", awaitEnd(covet));
      assertUntouched(covet, action);
      assertEquals(Optional.of(0), belay.stop(GRACE), "exit status");

      restore("before");
      belay = opened.keep(BelayProcess.start(configuration, port));
      assertNotDoneAgain(covet, action);
      assertEquals(Optional.of(0), belay.stop(GRACE), "exit status");

      covet.ship(Covet.V2);
      covet.awaitReady(Covet.V2);
      restore("before-too");
      belay = opened.keep(BelayProcess.start(configuration, port));
      assertStoppedByTheMark(covet, action);
    } catch (AssertionError e) {
      throw belay.told(e);
    }
  }

  /** By the backup it was only proposed; the cluster says that it is done. */
  private void assertNotDoneAgain(Covet covet, String action) {
    JsonNode incident = covet.incidents().getFirst();
    assertEquals("covet-1", incident.path("id").asString(), incident::toString);
    assertEquals("open", incident.path("state").asString(), incident::toString);
    Eventually.holds(
        "the cluster was looked at, and nothing is proposed any more",
        SOON,
        () -> covet.incidents().getFirst().path("run").isMissingNode());
    Said late = Said.by(port, "approve", "covet-1", "--as", "ada");
    assertEquals(
        new Said(1, "", "belay: Nothing is under way; there is nothing to approve.\n"), late);
    assertUntouched(covet, action);
    alert(covet, Optional.of(Instant.now()));
    awaitEnd(covet);
    String story = Said.by(port, "explain", "covet-1").well();
    assertTrue(story.contains("Proposed, until "), story);
    assertFalse(story.contains("Doing it now"), story);
    assertUntouched(covet, action);
  }

  /**
   * By the backup it was only proposed, and the cluster runs the release that it is about: nothing
   * but the mark tells that it was done.
   */
  private void assertStoppedByTheMark(Covet covet, String action) {
    long shipped = covet.deployment().getMetadata().getGeneration();
    JsonNode proposed = awaitRun(covet, "proposed");
    assertEquals(action, proposed.path("action").asString());
    approve(proposed);
    Eventually.holds(
        "the mark is found",
        SOON,
        () ->
            Said.by(port, "explain", "covet-1")
                .well()
                .contains("action " + action + " stands on deployment/"));
    assertEquals(shipped, covet.deployment().getMetadata().getGeneration());
    assertEquals(action, Covet.action(covet.deployment()));
    assertEquals(List.of(Covet.V2), Covet.images(covet.deployment()));
  }

  private void approve(JsonNode run) {
    String plan = run.path("plan").path("digest").asString();
    Said.by(port, "approve", "covet-1", "--plan", plan, "--as", "ada").well();
  }

  private static String awaitEnd(Covet covet) {
    JsonNode incident = covet.awaitClosedIncident();
    assertEquals("covet-1", incident.path("id").asString(), incident::toString);
    return incident.path("outcome").path("label").asString("");
  }

  private void backup(String name) throws IOException {
    Path to = folder.resolve(name);
    String said =
        Said.by(port, "backup", "--journal", journal().toString(), "--to", to.toString()).well();
    assertTrue(said.startsWith(to + ": "), said);
    assertTrue(said.endsWith(" entries\n"), said);
    assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(to)));
  }

  /** Puts the backup in the journal's place, while no Belay runs. */
  private void restore(String name) throws IOException {
    Files.move(journal(), folder.resolve("lost-for-" + name));
    Files.move(folder.resolve(name), journal());
  }

  private Path journal() {
    return folder.resolve("journal");
  }

  /** Made, the release's image set, rolled back once. */
  private static void assertUntouched(Covet covet, String action) {
    assertEquals(3, covet.deployment().getMetadata().getGeneration());
    assertEquals(action, Covet.action(covet.deployment()));
  }

  private static JsonNode awaitRun(Covet covet, String phase) {
    return Eventually.gives(
        "the incident's remediation is " + phase,
        SOON,
        () ->
            covet.incidents().stream()
                .filter(incident -> incident.path("id").asString("").equals("covet-1"))
                .map(incident -> incident.path("run"))
                .filter(run -> run.path("phase").asString("").equals(phase))
                .findFirst());
  }

  private void alert(Covet covet, Optional<Instant> end) {
    Http.post(
        port,
        "/api/v2/alerts",
        "[{\"labels\":{\"alertname\":\"HighErrorRate\",\"namespace\":\"%s\"}%s}]"
            .formatted(
                covet.namespace().name(), end.map(at -> ",\"endsAt\":\"" + at + "\"").orElse("")));
  }
}
