package dev.belay.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.core.engine.Event;
import dev.belay.core.engine.Fact;
import dev.belay.core.engine.Lease;
import dev.belay.core.engine.ServiceState;
import dev.belay.core.incident.Course;
import dev.belay.core.incident.Reason;
import dev.belay.core.remediation.Outcome;
import dev.belay.port.Journal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PostMortemTest {
  private static final Map<String, String> ERRORS =
      Map.of("alertname", "HighErrorRate", "namespace", "covet");
  private static final Map<String, String> LATENCY =
      Map.of("alertname", "HighLatency", "namespace", "covet");

  private final FakeEngine engine = new FakeEngine();

  private Optional<String> report(String incident) {
    Story story = new Story(incident);
    engine.entries.forEach(story::read);
    return PostMortem.of(incident, story, engine.clock().instant());
  }

  private String log(String service) {
    DeploymentLog log = new DeploymentLog(service);
    engine.entries.forEach(log::read);
    assertFalse(log.isEmpty());
    return log.write(FakeEngine.START, engine.clock().instant());
  }

  @Test
  void writesDownHowABadReleaseWasRolledBack() {
    engine.badRelease().obey().pass(Duration.ofSeconds(30)).obey().pass(Duration.ofSeconds(2));
    engine.obey().pass(Duration.ofMinutes(1)).alert(ERRORS, false);
    String report = report("covet-1").orElseThrow();
    assertEquals(
        """
        # covet-1: HighErrorRate (covet)

        | What | Which |
        | --- | --- |
        | Service | covet |
        | Opened | 2026-11-24 10:25:00 |
        | Over | 2026-11-24 10:26:32 |
        | Lasted | 1m32s |
        | How it ended | The trouble ended within the verification window. |
        | Blamed release | 1.4.2 by ada, said by ci |
        | Versions | covet:1.4.2 back to covet:1.4.1 |

        ## Times (UTC)

        | When | After | What |
        | --- | --- | --- |
        | 2026-11-24 10:20:00 |  | release 1.4.2 began |
        | 2026-11-24 10:25:00 | 5m | the first sign of trouble; the incident opened |
        | 2026-11-24 10:25:30 | 30s | the first action began; it took effect |
        | 2026-11-24 10:26:32 | 1m2s | the incident was over |
        """,
        report.substring(0, report.indexOf("\n## What was seen")));
    assertTrue(
        report.contains(
            """

            ## What was done

            | When | What | Outcome |
            | --- | --- | --- |
            | 2026-11-24 10:25:30 | roll back deployment/covet/covet-app from covet:1.4.2 to \
            revision 1 with covet:1.4.1 (action 809a14c6b8125b5b) | took effect; The cluster \
            accepted it. |

            ## What people did

            Nobody answered Belay.

            ## What was restored

            There was nothing to restore.

            ## What is left

            - The rollback is in the cluster only: what ships the service (pipeline, chart, Git) \
            still has the version that was rolled back.
            """),
        report);
  }

  @Test
  void tellsWhatWasMeasuredAsNumbersAndAsALineOfBars() {
    engine.badRelease();
    engine.handle(
        new Event.IncidentCharted(
            "covet",
            "covet-1",
            List.of(
                Course.of(
                    "error_rate > 5% for 2 minutes",
                    "error_rate",
                    true,
                    0.05,
                    List.of(point(0, 0.001), point(20, 0.3), point(30, 0.3456), point(39, 0.01))),
                Course.of(
                    "response_time p95 > 1 s for 2 minutes",
                    "response_time",
                    true,
                    1,
                    List.of(
                        new Course.Point(FakeEngine.START, Optional.empty()), point(39, 0.25))))));
    String report = report("covet-1").orElseThrow();
    assertTrue(
        report.contains(
            """

            ## What was measured

            | Trigger | First | Worst | Last | Course |
            | --- | --- | --- | --- | --- |
            | error\\_rate \\> 5% for 2 minutes | 0.1 % at 2026-11-24 10:00:00 | 34.6 % at \
            2026-11-24 10:30:00 | 1 % at 2026-11-24 10:39:00 | \
            ▁···················▇·········█········▁ |
            | response\\_time p95 \\> 1 s for 2 minutes | 0.25 s at 2026-11-24 10:39:00 | 0.25 s at \
            2026-11-24 10:39:00 | 0.25 s at 2026-11-24 10:39:00 | \
            ·······································▃ |
            """),
        report);
  }

  private static Course.Point point(int minute, double value) {
    return new Course.Point(FakeEngine.START.plus(Duration.ofMinutes(minute)), Optional.of(value));
  }

  @Test
  void saysWhoSaidWhatAndThatNothingWasDone() {
    engine.badRelease().obey().pass(Duration.ofSeconds(10));
    engine.offer(new Event.Vetoed("covet-1", engine.runningAction(), "ada"));
    String report = report("covet-1").orElseThrow();
    assertTrue(report.contains("Belay changed nothing."), report);
    assertTrue(report.contains("ada objected."), report);
    assertTrue(report.contains("- The incident is not over."), report);
    assertTrue(report.contains("| Over | no, as of 2026-11-24 10:25:10 |"), report);
  }

  @Test
  void alertsOfOneNameAreToldApartByTheirLabels() {
    engine.alert(
        Map.of("alertname", "Odd", "namespace", "covet", "pod", "a", "long", "x".repeat(999)),
        true);
    String report = report("covet-1").orElseThrow();
    assertTrue(
        report.contains(
            "Alert Odd fires since 10:00:00 UTC. \\[long: "
                + "x".repeat(300)
                + "...; namespace: covet; pod: a\\]"),
        report);
  }

  @Test
  void saysWhenAPersonWasCalledAndWhoAnswered() {
    engine.alert(LATENCY, true).obey();
    engine.pass(Duration.ofSeconds(10));
    engine.offer(new Event.Approved("covet-1", engine.runningAction(), Optional.empty(), "bob"));
    engine.obey().pass(Duration.ofSeconds(2)).obey().pass(Duration.ofMinutes(2)).obey();
    engine.pass(Duration.ofSeconds(20));
    engine.offer(new Event.Acknowledged("covet-1", "ada"));
    String report = report("covet-1").orElseThrow();
    assertTrue(
        report.contains(
            """
            | 2026-11-24 10:00:00 |  | the first sign of trouble; the incident opened |
            | 2026-11-24 10:00:10 | 10s | bob approved; the first action began; it took effect |
            | 2026-11-24 10:02:12 | 2m2s | a person was called |
            | 2026-11-24 10:02:32 | 20s | ada was on it |
            """),
        report);
  }

  @Test
  void whatWasBlamedAndStillRunsIsLeft() {
    engine.badRelease().obey().pass(Duration.ofSeconds(10));
    engine.offer(new Event.Vetoed("covet-1", engine.runningAction(), "ada"));
    engine.pass(Duration.ofMinutes(1)).alert(ERRORS, false);
    String report = report("covet-1").orElseThrow();
    assertTrue(
        report.contains(
            "- Release 1.4.2, which was blamed, was not rolled back; when the incident was over, it"
                + " still ran."),
        report);
    assertFalse(report.contains("Nothing that Belay knows of"), report);
    String decided = report.substring(report.indexOf("## What was decided"));
    decided = decided.substring(0, decided.indexOf("## What was done"));
    assertTrue(decided.contains("A person objected."), decided);
  }

  @Test
  void saysWhatWasRestoredAndWhatIsLeft() {
    engine.alert(LATENCY, true).obey();
    engine.offer(new Event.Approved("covet-1", engine.runningAction(), Optional.empty(), "ada"));
    engine.obey();
    String during = report("covet-1").orElseThrow();
    assertTrue(during.contains("still in force, then to put back in"), during);
    engine.alert(LATENCY, false).pass(Duration.ofMinutes(40)).obey();
    String after = report("covet-1").orElseThrow();
    assertTrue(after.contains("The mitigation's lease ended."), after);
    assertFalse(after.contains("still in force, then to"), after);
  }

  /** The flags are off on lease, and the trouble is over. */
  private void mitigated() {
    engine.alert(LATENCY, true).obey();
    engine.offer(new Event.Approved("covet-1", engine.runningAction(), Optional.empty(), "ada"));
    engine.obey().alert(LATENCY, false);
  }

  private Lease lease() {
    List<Lease> leases = new ArrayList<>();
    engine.ask(
        state -> leases.addAll(state.service("covet").map(ServiceState::leases).orElseThrow()));
    return leases.getFirst();
  }

  @Test
  void whatCouldNotBeUndoneIsLeftAndNotRestored() {
    mitigated();
    engine.pass(Duration.ofMinutes(31));
    engine.handle(
        new Event.ActionFinished(
            "covet",
            lease().undoAction(),
            new Outcome.Refused(Reason.FORBIDDEN, "configmaps is forbidden")));
    String report = report("covet-1").orElseThrow();
    assertTrue(
        report.contains(
            """
            ## What was restored

            Nothing.

            ## What is left

            - A person has to put back in configmap/covet/covet-config: ANALYTICS=true; Belay gave \
            up.\
            """
                + " "
                + Reason.FORBIDDEN.sentence()
                + " configmaps is forbidden\n"),
        report);
  }

  @Test
  void whatIsStillToBeUndoneAfterItsTimeIsNotSaidToBeInForceUntilThen() {
    mitigated();
    engine.pass(Duration.ofMinutes(31)).pass(Duration.ofMinutes(2));
    String report = report("covet-1").orElseThrow();
    assertFalse(report.contains("still in force"), report);
    assertTrue(
        report.contains(
            "- Due, but not known to be done yet: to put back in configmap/covet/covet-config:"
                + " ANALYTICS=true."),
        report);
  }

  @Test
  void aMitigationThatAnotherIncidentNeedsForLongerIsInForceForAsLong() {
    mitigated();
    Lease lease = lease();
    Lease longer =
        new Lease(
            lease.action(),
            "covet-2",
            lease.undo(),
            lease.undoAction(),
            lease.phase(),
            lease.deadline().plus(Duration.ofHours(1)),
            0);
    engine.entries.add(
        new Journal.Entry(
            engine.clock().instant(),
            List.of(new Fact.LeaseMoved("covet", longer, engine.clock().instant()))));
    String report = report("covet-1").orElseThrow();
    assertTrue(report.contains("Until 2026-11-24 11:30:00 still in force"), report);
    assertFalse(report.contains("Until 2026-11-24 10:30:00 still in force"), report);
  }

  @Test
  void whatWasRefusedIsNoChangeOfVersions() {
    engine.badRelease().obey().pass(Duration.ofSeconds(30)).obeyUntilApplied();
    engine.handle(
        new Event.ActionFinished(
            "covet",
            engine.runningAction(),
            new Outcome.Refused(Reason.OWNED_BY_ANOTHER, "Argo CD keeps it")));
    engine.alert(ERRORS, false);
    String report = report("covet-1").orElseThrow();
    assertFalse(report.contains("| Versions |"), report);
    assertFalse(report.contains("The rollback is in the cluster only"), report);
    assertTrue(report.contains("it still ran."), report);
    assertTrue(report.contains("| was refused, nothing was changed; "), report);
  }

  @Test
  void everyAttemptHasItsOwnOutcome() {
    engine.badRelease().obey().pass(Duration.ofSeconds(30)).obeyUntilApplied();
    engine.handle(
        new Event.ActionFinished(
            "covet",
            engine.runningAction(),
            new Outcome.Refused(Reason.SUPERSEDED, "somebody was faster")));
    engine.obey();
    List<String> done =
        report("covet-1")
            .orElseThrow()
            .lines()
            .filter(line -> line.contains("(action "))
            .filter(line -> line.startsWith("|"))
            .map(line -> line.substring(line.lastIndexOf("| ", line.length() - 3)))
            .toList();
    assertEquals(
        List.of(
            "| was refused, nothing was changed; "
                + Reason.SUPERSEDED.sentence()
                + " somebody was faster |",
            "| took effect; The cluster accepted it. |"),
        done);
  }

  @Test
  void foreignTextIsTextAndNothingElse() {
    assertEquals(
        "\\<img src=x\\> \\[a\\](b) \\| \\`c\\` \\&lt; \\#1 \\u000a",
        Markdown.text("<img src=x> [a](b) | `c` &lt; #1 \n").replace("\\\\u000a", "\\u000a"));
  }

  @Test
  void knowsNothingOfWhatIsNoIncident() {
    engine.badRelease();
    assertEquals(Optional.empty(), report("rel-42"));
    assertEquals(Optional.empty(), report("covet-2"));
  }

  @Test
  void theDeploymentLogSaysWhatWasShippedAndWhatBecameOfIt() {
    engine.badRelease().obey().pass(Duration.ofSeconds(30)).obey().pass(Duration.ofSeconds(2));
    engine.obey().pass(Duration.ofMinutes(1)).alert(ERRORS, false);
    String log = log("covet");
    assertTrue(
        log.contains(
            "| 2026-11-24 10:20:00 | 0s | 1.4.2 | covet:1.4.2 | ada | ci | 2 (digest-2) | Helm |"
                + " set image | covet-1 |"),
        log);
    assertTrue(log.contains("Template digest-2 is known bad."), log);
    assertTrue(new DeploymentLog("nobody").isEmpty());
  }
}
