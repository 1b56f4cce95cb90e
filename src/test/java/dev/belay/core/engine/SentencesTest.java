package dev.belay.core.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.core.incident.Notice;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What people are told must be true where they read it. */
class SentencesTest {
  private static String told(Scene scene, Class<? extends Fact> kind) {
    return Sentences.of(scene.facts(kind).getLast()).orElseThrow();
  }

  @Test
  void aTimeOfAnotherDayHasItsDate() {
    Scene scene = new Scene(new Rules().core());
    scene.fire("Errors", scene.now.minus(Duration.ofDays(3)));
    assertEquals(
        "Alert Errors fires since 2026-02-26 12:00:00 UTC.", told(scene, Fact.AlertFired.class));
    scene.fire("Latency");
    assertEquals("Alert Latency fires since 12:00:00 UTC.", told(scene, Fact.AlertFired.class));
  }

  @Test
  void aPageForWhatIsDoneAlreadySaysThatAPersonIsNeeded() {
    Scene scene =
        Scene.settled(
                new Rules()
                    .whateverTheCause()
                    .ladder(Rules.flags(Duration.ofMinutes(30)), Rules.page())
                    .core())
            .fire("Errors")
            .observed(RunTest.flags("false"));
    Notice page = scene.notices().getLast();
    assertEquals(Notice.Kind.PAGE, page.kind());
    assertTrue(page.text().contains("a person is needed"), page.text());
  }

  @Test
  void whoHadWhatReadAnewIsSaidWithWhatBecameOfIt() {
    Scene scene = new Scene(new Rules().core());
    scene.send(new Event.ReloadAccepted("ada", "aaa", "bbb"));
    assertEquals(
        "ada had configuration and rules read anew, and they are being taken over; rules bbb"
            + " instead of aaa.",
        told(scene, Fact.ReloadAccepted.class));
    scene.send(new Event.ReloadAccepted("ada", "bbb", "bbb"));
    assertEquals(
        "ada had configuration and rules read anew, and they are being taken over; the rules are as"
            + " they were (bbb).",
        told(scene, Fact.ReloadAccepted.class));
    scene.send(new Event.ReloadRefused("SIGHUP", "bbb", "pay.yml:2:1: no such key"));
    assertEquals(
        "SIGHUP had configuration and rules read anew; what was in force stays in force (rules"
            + " bbb): pay.yml:2:1: no such key.",
        told(scene, Fact.ReloadRefused.class));
    scene.send(
        new Event.ReloadRefused("SIGHUP", "bbb", "pay.yml:2:1: unknown key; did you mean \"if\"?"));
    assertTrue(told(scene, Fact.ReloadRefused.class).endsWith("did you mean \"if\"?"));
  }

  @Test
  void aHoldOfBelaysOwnIsNotCalledAPersons() {
    Scene scene = Scene.troubled(new Rules().core());
    scene.send(new Event.HoldAsked("belay", "it crashed again and again"));
    assertFalse(told(scene, Fact.RunEnded.class).contains("person"));
    assertEquals(Optional.empty(), scene.shop().run());
  }
}
