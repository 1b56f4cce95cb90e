package dev.belay.core.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.core.incident.Notice;
import dev.belay.core.incident.Reason;
import dev.belay.core.remediation.Outcome;
import dev.belay.core.rule.Mode;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Who is called where nobody answers a page. */
class EscalationTest {
  private static final Escalation ESCALATION =
      new Escalation(List.of(step(30, "mail"), step(10, "pagerduty"), step(600, "sms")));

  private static Core core(Escalation escalation) {
    return new Rules()
        .whateverTheCause()
        .ladder(Rules.page())
        .settings(Rules.settings(Mode.ACT).withEscalation(escalation))
        .channels("slack", "pagerduty", "mail", "sms")
        .core();
  }

  private static Escalation.Step step(int minutes, String... channels) {
    return new Escalation.Step(Duration.ofMinutes(minutes), List.of(channels));
  }

  /** A service whose trouble calls a person at once. */
  private static Scene paged() {
    Scene scene = new Scene(core(ESCALATION)).send(new Event.Started());
    scene.fire("Errors");
    assertTrue(kinds(scene).contains(Notice.Kind.PAGE), kinds(scene).toString());
    return scene;
  }

  private static List<Notice.Kind> kinds(Scene scene) {
    return scene.notices().stream().map(Notice::kind).toList();
  }

  /** The channels that were handed something of the incident so far. */
  private static Set<String> told(Scene scene) {
    return scene.state().owed().stream()
        .filter(debt -> debt.notice().incident().equals("shop-1"))
        .flatMap(debt -> debt.to().stream())
        .collect(Collectors.toSet());
  }

  private static List<String> toldOfTheLast(Scene scene) {
    return scene.state().owed().stream()
        .filter(debt -> debt.notice().equals(scene.notices().getLast()))
        .findFirst()
        .orElseThrow()
        .to();
  }

  private static long escalations(Scene scene) {
    return scene.facts(Fact.PageEscalated.class).size();
  }

  @Test
  void aPageThatNobodyAnswersGoesFromStepToStep() {
    Scene scene = paged();
    assertEquals(Set.of("slack"), told(scene));
    scene.pass("9M").pass("59S");
    assertEquals(Set.of("slack"), told(scene));
    scene.pass("1S");
    assertEquals(Set.of("slack", "pagerduty"), told(scene));
    assertEquals(Notice.Kind.PAGE, scene.notices().getLast().kind());
    scene.pass("19M");
    assertEquals(Set.of("slack", "pagerduty"), told(scene));
    scene.pass("1M");
    assertEquals(Set.of("slack", "pagerduty", "mail"), told(scene));
    scene.pass("2H");
    assertEquals(2, escalations(scene), "there is nobody else");
  }

  @Test
  void anyAnswerEndsIt() {
    List<Event> answers =
        List.of(
            new Event.Acknowledged("shop-1", "ann"),
            new Event.Snoozed("shop-1", "ann", Duration.ofHours(2)));
    for (Event answer : answers) {
      Scene scene = paged().pass("5M").send(answer).pass("1H");
      assertEquals(0, escalations(scene), answer.toString());
    }
  }

  @Test
  void theEndOfTheIncidentEndsItAndThoseWhoWereCalledHearOfIt() {
    Scene scene = paged().pass("10M").resolve("Errors");
    assertEquals(Notice.Kind.CLOSED, scene.notices().getLast().kind());
    assertTrue(
        scene.state().owed().stream()
            .filter(debt -> debt.notice().kind() == Notice.Kind.CLOSED)
            .anyMatch(debt -> debt.to().equals(List.of("pagerduty", "slack"))));
    scene.pass("2H");
    assertEquals(1, escalations(scene));
  }

  @Test
  void itsTimesSurviveARestart() {
    Scene scene = paged().pass("9M");
    scene.restart(Duration.ofMinutes(1)).send(new Event.Swept());
    assertEquals(1, escalations(scene));
    scene.restart(Duration.ofMinutes(1)).send(new Event.Swept());
    assertEquals(1, escalations(scene), "and not twice");
  }

  private static List<List<String>> called(Scene scene) {
    return scene.facts(Fact.PageEscalated.class).stream()
        .map(Fact.PageEscalated::channels)
        .toList();
  }

  @Test
  void aStepThatIsWrittenBeforeTheOneThatWasTakenIsTakenTooAndNoneTwice() {
    Scene scene = paged().pass("10M");
    Escalation other =
        new Escalation(List.of(step(5, "sms"), step(10, "pagerduty"), step(30, "mail")));
    scene.restart(Duration.ofMinutes(1), core(other)).send(new Event.Swept());
    assertEquals(List.of(List.of("pagerduty"), List.of("sms")), called(scene));
    scene.pass("19M");
    assertEquals(List.of(List.of("pagerduty"), List.of("sms"), List.of("mail")), called(scene));
    scene.pass("2H");
    assertEquals(3, escalations(scene));
  }

  @Test
  void whereAStepThatWasTakenIsWrittenNoMoreTheNextIsStillTaken() {
    Scene scene = paged().pass("10M");
    scene.restart(Duration.ofMinutes(1), core(new Escalation(List.of(step(30, "mail")))));
    scene.pass("19M");
    assertEquals(List.of(List.of("pagerduty"), List.of("mail")), called(scene));
  }

  @Test
  void whoJoinsAStepThatWasTakenIsCalledAlone() {
    Scene scene = paged().pass("10M");
    scene.restart(
        Duration.ofMinutes(1), core(new Escalation(List.of(step(10, "pagerduty", "mail")))));
    scene.send(new Event.Swept());
    assertEquals(List.of(List.of("pagerduty"), List.of("mail")), called(scene));
  }

  @Test
  void aPageAfterAnAnswerBeginsAnew() {
    Scene scene = paged().pass("10M").send(new Event.Snoozed("shop-1", "ann", Duration.ofHours(1)));
    scene.pass("1H");
    assertEquals(Notice.Kind.PAGE, scene.notices().getLast().kind(), "the snooze is over");
    assertEquals(1, escalations(scene));
    scene.pass("10M");
    assertEquals(2, escalations(scene));
  }

  /** Nobody can answer it, so that nobody could be called later. */
  @Test
  void aPageOfAnIncidentThatIsOverIsToldAllAtOnce() {
    Core core =
        new Rules()
            .whateverTheCause()
            .ladder(Rules.flags(Duration.ofMinutes(30)), Rules.page())
            .settings(Rules.settings(Mode.ACT).withEscalation(ESCALATION))
            .channels("slack", "pagerduty", "mail", "sms")
            .core();
    Scene scene = LeaseTest.mitigated(core).send(new Event.Started());
    scene.resolve("Errors").pass(Duration.ofMinutes(30));
    assertEquals(List.of("slack"), toldOfTheLast(scene));
    scene.send(
        new Event.ActionFinished(
            Scene.SHOP,
            scene.shop().leases().getFirst().undoAction(),
            new Outcome.Refused(Reason.FORBIDDEN, "no right")));
    assertEquals(Notice.Kind.PAGE, scene.notices().getLast().kind());
    assertEquals(List.of("mail", "pagerduty", "slack", "sms"), toldOfTheLast(scene));
    scene.pass("12H");
    assertEquals(0, escalations(scene));
  }

  @Test
  void whatConcernsEverythingIsToldAllAtOnce() {
    Scene scene = paged();
    scene.send(new Event.HoldAsked("ann", "because"));
    assertTrue(
        scene.state().owed().stream()
            .filter(debt -> debt.notice().incident().equals(State.WHOLE))
            .allMatch(debt -> debt.to().equals(List.of("mail", "pagerduty", "slack", "sms"))));
  }

  @Test
  void anAcknowledgementOfWhatIsOverIsTooLate() {
    Scene scene = paged().resolve("Errors");
    scene.send(new Event.Acknowledged("shop-1", "ann"));
    assertEquals(Reason.ANSWER_TOO_LATE, scene.reason());
  }
}
