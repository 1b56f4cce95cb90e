package dev.belay.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.core.alert.Labels;
import dev.belay.core.engine.Event;
import dev.belay.core.engine.Fact;
import dev.belay.core.engine.TriggerState;
import dev.belay.port.Journal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class StoryTest {
  private static final Map<String, String> ERRORS =
      Map.of("alertname", "HighErrorRate", "namespace", "covet");

  private final FakeEngine engine = new FakeEngine();

  private String story(String subject) {
    return Story.of(subject, engine.entries).stream()
        .map(line -> line + "\n")
        .collect(Collectors.joining());
  }

  private FakeEngine rolledBack() {
    engine.badRelease().obey().pass(Duration.ofSeconds(30)).obey().pass(Duration.ofSeconds(2));
    engine.obey().pass(Duration.ofMinutes(1)).alert(ERRORS, false);
    return engine;
  }

  @Test
  void tellsHowABadReleaseWasRolledBack() {
    rolledBack();
    assertEquals(
        """
        2026-11-24T10:00:00Z  Revision 1 with covet:1.4.1 is rolled out.
        2026-11-24T10:11:00Z  Template digest-1 is known good. The revision ran without trouble \
        for its soak time.
        2026-11-24T10:20:00Z  Release 1.4.2 began 10:20:00 UTC, says ci (by ada).
        2026-11-24T10:20:00Z  Revision 2 with covet:1.4.2 is rolled out.
        2026-11-24T10:20:00Z  Release 1.4.2: revision 2, template digest-2, kept by Helm, \
        because: set image, it is what the cluster rolls out.
        2026-11-24T10:25:00Z  Alert HighErrorRate fires since 10:25:00 UTC.
        2026-11-24T10:25:00Z  Incident covet-1 opened: HighErrorRate.
        2026-11-24T10:25:00Z  Acting (bad-release): A release explains the trouble. \
        [trouble: HighErrorRate; for: release: 1.4.2 began 2026-11-24T10:20:00Z; \
        for: HighErrorRate: began 2026-11-24T10:25:00Z]
        2026-11-24T10:25:00Z  At 10:25:30 UTC, unless vetoed: roll back \
        deployment/covet/covet-app from covet:1.4.2 to revision 1 with covet:1.4.1.
        2026-11-24T10:25:30Z  Acting (bad-release): Nobody objected within the veto window. [window: 30s]
        2026-11-24T10:25:30Z  Doing it now: roll back deployment/covet/covet-app from covet:1.4.2 \
        to revision 1 with covet:1.4.1 (action 809a14c6b8125b5b).
        2026-11-24T10:25:30Z  Action 809a14c6b8125b5b took effect. The cluster accepted it.
        2026-11-24T10:25:30Z  Template digest-2 is known bad. The revision was rolled away from.
        2026-11-24T10:25:32Z  Done. The trouble has until 10:28:32 UTC to end.
        2026-11-24T10:26:32Z  Alert HighErrorRate is resolved.
        2026-11-24T10:26:32Z  The trouble ended within the verification window.
        2026-11-24T10:26:32Z  Incident covet-1 is over. The trouble ended within the verification window.
        """,
        story("covet-1"));
  }

  @Test
  void tellsTheSameOfTheAlertAsOfItsIncident() {
    rolledBack();
    assertEquals(story("covet-1"), story("HighErrorRate"));
    assertEquals(story("covet-1"), story(Labels.of(ERRORS).fingerprint().toString()));
  }

  @Test
  void tellsOfAReleaseWhatItLedTo() {
    rolledBack();
    String story = story("rel-42");
    assertTrue(story.contains("Release 1.4.2 began"), story);
    assertTrue(story.contains("is known bad"), story);
    assertTrue(story.contains("Incident covet-1 is over"), story);
  }

  @Test
  void saysWhyAnAlertWithoutServiceLedToNothing() {
    engine.alert(Map.of("alertname", "DiskFull", "namespace", "elsewhere"), true);
    assertEquals(
        """
        2026-11-24T10:00:00Z  Alert DiskFull fires since 10:00:00 UTC. \
        Not acting: No service in the rules matches the alert's labels. \
        [labels: {alertname=DiskFull, namespace=elsewhere}]
        """,
        story("DiskFull"));
  }

  @Test
  void saysWhyAReleaseOfAnUnknownServiceLedToNothing() {
    engine.release("rel-7", "stranger");
    assertTrue(story("rel-7").contains("[release: 1.4.2 from ci; service: stranger]"));
  }

  @Test
  void tellsWhoObjected() {
    engine.badRelease().obey().pass(Duration.ofSeconds(10));
    engine.handle(new Event.Vetoed("covet-1", engine.runningAction(), "grace"));
    engine.pass(Duration.ofMinutes(1)).alert(ERRORS, false);
    assertEquals(
        """
        2026-11-24T10:00:00Z  Revision 1 with covet:1.4.1 is rolled out.
        2026-11-24T10:11:00Z  Template digest-1 is known good. The revision ran without trouble \
        for its soak time.
        2026-11-24T10:20:00Z  Release 1.4.2 began 10:20:00 UTC, says ci (by ada).
        2026-11-24T10:20:00Z  Revision 2 with covet:1.4.2 is rolled out.
        2026-11-24T10:20:00Z  Release 1.4.2: revision 2, template digest-2, kept by Helm, \
        because: set image, it is what the cluster rolls out.
        2026-11-24T10:25:00Z  Alert HighErrorRate fires since 10:25:00 UTC.
        2026-11-24T10:25:00Z  Incident covet-1 opened: HighErrorRate.
        2026-11-24T10:25:00Z  Acting (bad-release): A release explains the trouble. \
        [trouble: HighErrorRate; for: release: 1.4.2 began 2026-11-24T10:20:00Z; \
        for: HighErrorRate: began 2026-11-24T10:25:00Z]
        2026-11-24T10:25:00Z  At 10:25:30 UTC, unless vetoed: roll back \
        deployment/covet/covet-app from covet:1.4.2 to revision 1 with covet:1.4.1.
        2026-11-24T10:25:10Z  grace objected.
        2026-11-24T10:25:10Z  A person objected.
        2026-11-24T10:26:10Z  Alert HighErrorRate is resolved.
        2026-11-24T10:26:10Z  Incident covet-1 is over. Every alert of the incident is resolved.
        """,
        story("covet-1"));
  }

  @Test
  void saysWhyAnAlertThatJoinedAnOpenIncidentLedToNothing() {
    engine.alert(Map.of("alertname", "Odd", "namespace", "covet"), true);
    engine.pass(Duration.ofMinutes(1));
    engine.alert(Map.of("alertname", "Odder", "namespace", "covet"), true);
    assertTrue(story("Odder").contains("No remediation of the service asks for this."));
  }

  @Test
  void staysSilentOfOtherServicesAndUnknownSubjects() {
    rolledBack().alert(Map.of("alertname", "DiskFull", "namespace", "elsewhere"), true);
    assertFalse(story("covet-1").contains("DiskFull"));
    assertEquals("", story("covet-2"));
  }

  @Test
  void makesHostileTextHarmlessAndKeepsItOnOneLine() {
    String hostile = "x\u001b[2J\r\n2026 Acting\u202e\u2028";
    engine.alert(Map.of("alertname", hostile), true);
    String story = story(hostile);
    assertEquals(1, story.lines().count());
    assertTrue(story.contains("x\\u001b[2J\\u000d\\u000a2026 Acting\\u202e\\u2028"), story);
    assertFalse(story.chars().anyMatch(c -> c < ' ' && c != '\n'), story);
  }

  @Test
  void leavesOutTheMiddleOfAStoryThatIsTooLong() {
    List<Journal.Entry> entries = new ArrayList<>();
    Instant at = FakeEngine.START;
    entries.add(
        new Journal.Entry(at, List.of(new Fact.IncidentOpened("covet", "covet-1", "errors", at))));
    for (int i = 1; i <= 2 * Story.FACTS_AT_MOST; i++) {
      entries.add(
          new Journal.Entry(
              at.plusSeconds(i),
              List.of(new Fact.TriggerMoved("covet", TriggerState.inactive("t" + i)))));
    }
    List<Story.Line> lines = Story.of("covet-1", entries);
    assertEquals(Story.FACTS_AT_MOST, lines.size());
    assertEquals("incident_opened", lines.getFirst().kind());
    assertEquals("Trigger t4000 is quiet.", lines.getLast().text());
  }
}
