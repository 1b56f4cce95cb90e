package dev.belay.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.controlplane.Eventually;
import dev.belay.controlplane.FreePort;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/**
 * Somebody on call with nothing but {@code ./belay}: two bad releases on a real control plane, of
 * which one is left alone and one rolled back, and what was written of them once Belay is down.
 */
final class RemoteCommandsIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final Duration GRACE = Duration.ofSeconds(20);
  private static final Pattern SHOWN = Pattern.compile("--plan ([0-9a-f]{12})");
  private static final String V3 = "covet/app:v3-bad";

  @TempDir private Path folder = Path.of("");

  @RegisterExtension final Opened opened = new Opened();

  private final int port = FreePort.next();

  @Test
  void everyCommandDoesItsJobOnADaemonThatRunsAndTwoOfThemOnItsJournal() throws Exception {
    Covet covet = Covet.deployed(port);
    covet.writeRule(folder.resolve("rules"), "HighErrorRate", "propose 30m", "40s");
    BelayProcess belay =
        opened.keep(
            BelayProcess.start(
                BelayProcess.acting(folder, port, covet.plane().kubeconfig(), GRACE), port));
    try {
      covet.awaitKnownGood(Covet.V1);
      assertEquals("Nothing is wrong: no incident is open.\n", belay("incidents"));
      ship(covet, Covet.V2, 1);
      holdAndRelease(covet);
      leaveAlone(covet);
      ship(covet, V3, 2);
      approve(covet);
      writeDown();
      assertEquals(Optional.of(0), belay.stop(GRACE), "exit status");
      readTheJournal();
    } catch (AssertionError e) {
      throw belay.told(e);
    }
  }

  /** While everything is on hold nothing is even proposed. */
  private void holdAndRelease(Covet covet) {
    assertEquals("Nothing is on hold.\n", belay("hold"));
    String held = belay("hold", "we move", "--as", "ada");
    assertTrue(held.contains("ada (claimed): we move"), held);
    assertEquals(held, belay("hold"));
    alert(covet, 1, Optional.empty());
    Eventually.holds(
        "nothing is begun, for the hold",
        SOON,
        () -> covet.json("/api/v1/decisions?reason=held").path("decisions").size() > 0);
    assertTrue(run(covet, "covet-1").isMissingNode());
    String listed = belay("incidents");
    assertTrue(listed.contains("covet-1"), listed);
    assertFalse(listed.contains("roll back"), listed);
    assertEquals("Nothing is on hold.\n", belay("hold", "--release", "--as", "ada"));
    awaitProposal(covet, "covet-1");
  }

  /** Somebody objects, has it in hand, and is on it. */
  private void leaveAlone(Covet covet) {
    String listed = belay("incidents");
    assertTrue(listed.contains("only if a person approves."), listed);
    assertTrue(listed.contains("roll back deployment/"), listed);
    String vetoed = belay("veto", "covet-1", "--as", "ada");
    assertTrue(vetoed.startsWith("veto: roll back deployment/"), vetoed);
    assertTrue(vetoed.endsWith("ada (claimed) objected; it is not done.\n"), vetoed);
    assertTrue(run(covet, "covet-1").isMissingNode(), "nothing is under way");
    assertEquals("ada (claimed) is on it.\n", belay("acknowledge", "covet-1", "--as", "ada"));
    assertEquals(
        "ada (claimed) has it in hand; nobody is told and nothing is begun.\n",
        belay("snooze", "covet-1", "--for", "1h", "--as", "ada"));
    JsonNode incident = incident(covet, "covet-1");
    assertEquals("ada (claimed)", incident.path("inHandsOf").asString(""), incident::toString);
    alert(covet, 1, Optional.of(Instant.now()));
    covet.awaitClosedIncident();
    assertEquals("Nothing is wrong: no incident is open.\n", belay("incidents"));
    listed = belay("incidents", "--all");
    assertTrue(listed.contains("covet-1"), listed);
    Said late = Said.by(port, "veto", "covet-1");
    assertEquals(new Said(1, "", "belay: The incident is over; there is nothing to veto.\n"), late);
    assertEquals("", Covet.action(covet.deployment()));
    assertEquals(List.of(Covet.V2), Covet.images(covet.deployment()));
  }

  /** The plan that was shown is approved, and is done. */
  private void approve(Covet covet) {
    alert(covet, 2, Optional.empty());
    JsonNode proposed = awaitProposal(covet, "covet-2");
    Said another = Said.by(port, "approve", "covet-2", "--plan", "0123456789ab", "--as", "ada");
    assertEquals(1, another.status());
    assertTrue(another.err().contains("It is another plan now"), another.err());
    Matcher shown = SHOWN.matcher(belay("incidents"));
    assertTrue(shown.find(), shown::toString);
    String approved = belay("approve", "covet-2", "--plan", shown.group(1), "--as", "ada");
    assertEquals(
        "approve: "
            + proposed.path("plan").path("words").asString()
            + "\nada (claimed) approved it.\n",
        approved);
    covet.awaitAction();
    assertFalse(Covet.images(covet.deployment()).contains(V3));
    JsonNode answer = timeline(covet, "person_approved").getLast();
    assertTrue(answer.path("sentence").asString().contains("ada (claimed)"), answer::toString);
    Eventually.holds(
        "it is watched",
        SOON,
        () -> run(covet, "covet-2").path("phase").asString("").equals("verifying"));
    alert(covet, 2, Optional.of(Instant.now()));
    Eventually.holds(
        "it is over",
        SOON,
        () -> incident(covet, "covet-2").path("state").asString("").equals("closed"));
    String outcome = incident(covet, "covet-2").path("outcome").path("label").asString("");
    assertEquals("verified", outcome);
  }

  private void writeDown() {
    assertStory(belay("explain", "covet-2"));
    assertPostMortem(belay("report", "covet-2"));
    assertLog(belay("report", "--service", "covet"));
    Said unknown = Said.by(port, "report", "covet-9");
    assertEquals(1, unknown.status());
    assertTrue(unknown.err().contains("No incident covet-9 is remembered"), unknown.err());
  }

  /** The daemon is down; what it wrote is not. */
  private void readTheJournal() {
    Said nobody = Said.by(port, "incidents");
    assertEquals(1, nobody.status());
    assertTrue(nobody.err().contains("no Belay answers at http://127.0.0.1:" + port), nobody.err());
    String journal = folder.resolve("journal").toString();
    assertStory(belay("explain", "covet-2", "--journal", journal));
    assertPostMortem(belay("report", "covet-2", "--journal", journal));
    assertLog(belay("report", "--service", "covet", "--journal", journal));
  }

  private static void assertStory(String story) {
    assertTrue(story.contains("ada (claimed) approved"), story);
    assertTrue(story.contains("Doing it now: roll back deployment/"), story);
    assertTrue(story.contains("Incident covet-2 is over."), story);
  }

  private static void assertPostMortem(String report) {
    assertTrue(report.startsWith("# "), report);
    assertTrue(report.contains(V3 + " back to "), report);
    assertTrue(report.contains("ada (claimed) approved"), report);
    assertTrue(report.contains("took effect; "), report);
  }

  private static void assertLog(String log) {
    assertTrue(log.startsWith("# Deployments of covet, "), log);
    for (String part : List.of(Covet.V2, V3, "ci-2", "covet-1", "covet-2")) {
      assertTrue(log.contains(part), () -> part + " is not in " + log);
    }
  }

  private String belay(String... words) {
    return Said.by(port, words).well();
  }

  private void ship(Covet covet, String image, int number) {
    covet.ship(image);
    covet.awaitReady(image);
    Http.post(
        port,
        "/api/v1/events",
        "{\"id\":\"ci-%1$d\",\"source\":\"ci\",\"service\":\"covet\",\"version\":\"ci-%1$d\",\"image\":\"%2$s\"}"
            .formatted(number, image));
  }

  /**
   * The alert of the rule, another one for each release: one that comes back is of the first.
   *
   * @param end since when it is over; empty where it is not
   */
  private void alert(Covet covet, int number, Optional<Instant> end) {
    Http.post(
        port,
        "/api/v2/alerts",
        "[{\"labels\":{\"alertname\":\"HighErrorRate\",\"namespace\":\"%s\",\"of\":\"%d\"}%s}]"
            .formatted(
                covet.namespace().name(),
                number,
                end.map(at -> ",\"endsAt\":\"" + at + "\"").orElse("")));
  }

  private static JsonNode awaitProposal(Covet covet, String incident) {
    return Eventually.gives(
        "a proposal for " + incident,
        SOON,
        () ->
            Optional.of(run(covet, incident))
                .filter(run -> run.path("phase").asString("").equals("proposed")));
  }

  private static JsonNode incident(Covet covet, String id) {
    return covet.incidents().stream()
        .filter(incident -> incident.path("id").asString("").equals(id))
        .findFirst()
        .orElseThrow();
  }

  private static JsonNode run(Covet covet, String incident) {
    return covet.incidents().stream()
        .filter(each -> each.path("id").asString("").equals(incident))
        .findFirst()
        .map(each -> each.path("run"))
        .orElse(MissingNode.getInstance());
  }

  private static List<JsonNode> timeline(Covet covet, String kind) {
    return Covet.elements(covet.json("/api/v1/incidents/covet-2").path("timeline")).stream()
        .filter(entry -> entry.path("kind").asString("").equals(kind))
        .toList();
  }
}
