package dev.belay.core.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.core.alert.Alert;
import dev.belay.core.alert.Door;
import dev.belay.core.alert.Episode;
import dev.belay.core.alert.Labels;
import dev.belay.core.incident.Reason;
import dev.belay.core.rule.Mode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class AlertDeciderTest {
  private static final Instant T = Scene.START;
  private static final Labels ERRORS = Scene.labels(Scene.SHOP, "Errors");

  private final Scene scene = new Scene(new Rules().core());

  private Episode episode() {
    return scene.state().alert(ERRORS).orElseThrow();
  }

  private int firings() {
    return scene.facts(Fact.AlertFired.class).size();
  }

  @Test
  void foldsCopiesOfOneFiringIntoOneEpisode() {
    scene.fire("Errors", T).pass("15S").fire("Errors", T).pass("15S").fire("Errors", T);
    assertEquals(1, firings());
    assertEquals(1, scene.facts(Fact.IncidentOpened.class).size());
    assertEquals(2, scene.repeats());
  }

  @Test
  void keepsTheEarliestStartThatAnySenderNames() {
    scene.fire("Errors", T.plusSeconds(20)).fire("Errors", T.plusSeconds(5));
    assertEquals(T.plusSeconds(5), episode().startsAt());
    scene.fire("Errors", T.plusSeconds(10));
    assertEquals(T.plusSeconds(5), episode().startsAt());
  }

  @Test
  void takesAnOldFiringAfterItsResolutionForOldNews() {
    scene.fire("Errors", T).pass("60S").resolve("Errors", T, T.plusSeconds(60));
    scene.pass("15S").fire("Errors", T);
    assertFalse(episode().firing());
    assertTrue(scene.shop().incident().isEmpty());
  }

  @Test
  void takesAFiringThatItsOwnResolutionOvertookForOldNews() {
    scene.pass("60S").resolve("Errors", T, T.plusSeconds(50));
    scene.pass("5S").fire("Errors", T);
    assertFalse(episode().firing());
    assertTrue(scene.facts(Fact.IncidentOpened.class).isEmpty());
    scene.fire("Errors", T.plusSeconds(55));
    assertTrue(episode().firing(), "a later firing is another episode");
  }

  @Test
  void remembersTheResolutionOfALaterFiringThatWasNeverHeardOf() {
    scene.fire("Errors", T).pass("60S").resolve("Errors", T, T.plusSeconds(60));
    scene.pass("60S").resolve("Errors", T.plusSeconds(90), T.plusSeconds(110));
    scene.fire("Errors", T.plusSeconds(90));
    assertFalse(episode().firing());
    int facts = scene.facts().size();
    scene.resolve("Errors", T.plusSeconds(90), T.plusSeconds(110));
    assertEquals(facts, scene.facts().size(), "its copies are nothing new");
  }

  @Test
  void ignoresTheResolutionOfAnEarlierEpisode() {
    scene.pass("90S").fire("Errors", T.plusSeconds(80));
    scene.resolve("Errors", T, T.plusSeconds(60));
    assertTrue(episode().firing());
  }

  @Test
  void beginsANewEpisodeThatStartsAfterTheEndOfTheLast() {
    scene.fire("Errors", T).pass("60S").resolve("Errors", T, T.plusSeconds(60));
    scene.pass("60S").fire("Errors", T.plusSeconds(100));
    assertTrue(episode().firing());
    assertEquals(2, scene.facts(Fact.IncidentOpened.class).size());
  }

  @Test
  void concludesNothingFromResolutionsOfATruncatedGroup() {
    scene.fire("Errors", T).pass("60S");
    scene.send(
        Scene.alerts(
            Door.WEBHOOK,
            3,
            scene.alert(Scene.SHOP, "Errors", false, T, Optional.of(T.plusSeconds(50)))));
    assertTrue(episode().firing());
    assertEquals(Reason.TRUNCATED_GROUP, scene.reason());
  }

  /** Fifty alerts of a group that was cut made fifty notices with every delivery. */
  @Test
  void aTruncatedGroupIsSpokenOfOnceInAnIncident() {
    Scene scene = Scene.settled(new Rules().core());
    for (int i = 0; i < 5; i++) {
      scene.fire("A" + i);
    }
    scene.pass("30S");
    int notices = scene.notices().size();
    for (int delivery = 0; delivery < 3; delivery++) {
      Alert[] resolved =
          Stream.of("A0", "A1", "A2", "A3", "A4")
              .map(
                  name ->
                      scene.alert(
                          Scene.SHOP,
                          name,
                          false,
                          scene.now.minusSeconds(30),
                          Optional.of(scene.now)))
              .toArray(Alert[]::new);
      scene.send(Scene.alerts(Door.WEBHOOK, 1, resolved));
    }
    assertEquals(1, scene.notices().size() - notices);
    for (int i = 0; i < 5; i++) {
      scene.resolve("A" + i);
    }
    scene.pass("60S").fire("A0");
    Alert again = scene.alert(Scene.SHOP, "A0", false, scene.now, Optional.of(scene.now));
    scene.send(Scene.alerts(Door.WEBHOOK, 1, again));
    assertEquals(Reason.TRUNCATED_GROUP, scene.reason(), "the next incident is another");
  }

  @Test
  void rememberNoEndThatATruncatedGroupTellsOf() {
    scene.send(
        Scene.alerts(
            Door.WEBHOOK,
            3,
            scene.alert(Scene.SHOP, "Errors", false, T, Optional.of(T.plusSeconds(50)))));
    assertTrue(scene.facts().isEmpty());
  }

  @Test
  void callsASilentAlertStaleAndNeverResolved() {
    scene.fire("Errors", T).pass(Duration.ofHours(5));
    assertEquals(Episode.Status.STALE, episode().status());
    assertEquals(Reason.STALE, scene.facts(Fact.IncidentClosed.class).getFirst().reason());
  }

  @Test
  void revivesAStaleAlertThatIsSentAgain() {
    scene.fire("Errors", T).pass(Duration.ofHours(5)).fire("Errors", T);
    assertTrue(episode().firing());
  }

  /** Errors went stale while something else still fires, so that the incident is open. */
  private Scene silent() {
    scene.send(Scene.alerts(Door.API_V2, 0, leased(true, T, Optional.empty())));
    scene.fire("Disk", T).pass("240S");
    assertEquals(Episode.Status.STALE, episode().status());
    return scene;
  }

  private Reason close() {
    scene.resolve("Disk");
    return scene.facts(Fact.IncidentClosed.class).getFirst().reason();
  }

  @Test
  void anIncidentOfWhichAnAlertStaysSilentIsNotCalledResolved() {
    silent();
    assertEquals(Reason.STALE, close());
  }

  @Test
  void anAlertThatIsHeardOfAgainAndThenResolvedIsResolved() {
    silent().fire("Errors").pass("60S").resolve("Errors");
    assertEquals(Reason.RESOLVED, close());
  }

  @Test
  void whatFiresAgainKeepsNothingElseFromBeingSeenToEnd() {
    Scene scene =
        new Scene(
            new Rules()
                .whateverTheCause()
                .mode(Mode.VETO)
                .when(Rules.alert("Disk"))
                .ladder(Rules.flags(Duration.ofMinutes(30)), Rules.page())
                .core());
    scene.send(Scene.alerts(Door.API_V2, 0, leased(true, T, Optional.empty()))).pass("200S");
    scene.fire("Disk").observed(RunTest.flags("true")).pass("20S");
    scene.fire("Other").pass("20S").fire("Errors").resolve("Disk");
    assertEquals(Reason.RECOVERED, scene.endOfRun());
  }

  @Test
  void anAlertThatIsHeardOfAgainAndFallsSilentAgainIsSilent() {
    silent().send(Scene.alerts(Door.API_V2, 0, leased(true, scene.now, Optional.empty())));
    scene.pass("240S");
    assertEquals(Reason.STALE, close());
  }

  @Test
  void anAlertThatWasSilentAndIsSaidToHaveEndedIsResolved() {
    silent().resolve("Errors", T, scene.now);
    assertEquals(Episode.Status.RESOLVED, episode().status());
    assertEquals(Reason.RESOLVED, close());
  }

  @Test
  void anEndOfAnEarlierFiringSaysNothingOfASilentAlert() {
    silent().resolve("Errors", T.minusSeconds(600), T.minusSeconds(300));
    assertEquals(Episode.Status.STALE, episode().status());
    assertEquals(Reason.STALE, close());
  }

  @Test
  void aTruncatedGroupSaysNothingOfASilentAlert() {
    silent();
    scene.send(
        Scene.alerts(
            Door.WEBHOOK, 3, scene.alert(Scene.SHOP, "Errors", false, T, Optional.of(scene.now))));
    assertEquals(Episode.Status.STALE, episode().status());
    assertEquals(Reason.STALE, close());
  }

  @Test
  void whatOneIncidentLostIsNotHeldAgainstTheNext() {
    silent();
    assertEquals(Reason.STALE, close());
    scene.fire("Disk").pass("60S").resolve("Disk");
    assertEquals(Reason.RESOLVED, scene.facts(Fact.IncidentClosed.class).getLast().reason());
  }

  @Test
  void moreSilentAlertsThanAreKeptStaySilent() {
    List<Alert> many = new ArrayList<>();
    for (int i = 0; i < ServiceState.SILENT_KEPT + 1; i++) {
      many.add(scene.alert("shop", "Errors" + i, true, T, Optional.empty()));
    }
    scene.send(new Event.AlertsReceived(Door.WEBHOOK, many, 0));
    scene.pass(Duration.ofHours(4)).fire("Disk").pass(Duration.ofHours(2));
    scene.pass("1S");
    assertEquals(List.of("Disk"), scene.shop().firing().stream().map(Labels::alertName).toList());
    many.forEach(
        alert -> scene.fire(alert.labels().alertName()).resolve(alert.labels().alertName()));
    assertEquals(Reason.STALE, close());
  }

  @Test
  void keepsAnAlertFiringAsLongAsItIsRenewed() {
    for (int minute = 0; minute < 20; minute++) {
      scene.send(Scene.alerts(Door.API_V2, 0, leased(true, T, Optional.empty())));
      scene.pass("60S");
    }
    assertEquals(1, firings());
    assertTrue(episode().firing());
    scene.pass("240S");
    assertEquals(Episode.Status.STALE, episode().status());
  }

  @Test
  void believesAnApiSenderWhoFiresOnAfterAResolution() {
    scene.send(Scene.alerts(Door.API_V2, 0, leased(true, T, Optional.empty())));
    scene.pass("60S");
    scene.send(Scene.alerts(Door.API_V2, 0, leased(false, T, Optional.of(scene.now))));
    assertFalse(episode().firing());
    scene.pass("60S");
    scene.send(Scene.alerts(Door.API_V2, 0, leased(true, T, Optional.empty())));
    assertFalse(episode().firing(), "it may have been under way");
    scene.pass("60S");
    scene.send(Scene.alerts(Door.API_V2, 0, leased(true, T, Optional.empty())));
    assertTrue(episode().firing(), "the twin still fires");
  }

  @Test
  void writesNothingForARenewalThatGainsLittle() {
    scene.send(Scene.alerts(Door.API_V2, 0, leased(true, T, Optional.empty())));
    scene.pass("5S");
    scene.send(Scene.alerts(Door.API_V2, 0, leased(true, T, Optional.empty())));
    assertTrue(scene.facts(Fact.AlertRenewed.class).isEmpty());
  }

  @Test
  void forgetsAnEndedAlertAfterAnHour() {
    scene.fire("Errors", T).pass("60S").resolve("Errors", T, scene.now);
    scene.pass(Duration.ofMinutes(61));
    assertTrue(scene.state().alert(ERRORS).isEmpty());
    assertTrue(scene.state().alerts().isEmpty());
  }

  @Test
  void neverTakesAnEndFromTheFuture() {
    scene.fire("Errors", T).pass("60S").resolve("Errors", T, T.plusSeconds(9_999));
    assertEquals(Optional.of(scene.now), episode().endedAt());
  }

  @Test
  void saysSoWhereNoServiceMatches() {
    scene.send(
        Scene.alerts(Door.WEBHOOK, 0, scene.alert("else", "Errors", true, T, Optional.empty())));
    assertEquals(List.of(), scene.state().alerts().iterator().next().services());
  }

  @Test
  void keepsTheOrderOfOneDeliveryOverARestart() {
    scene.send(
        Scene.alerts(
            Door.WEBHOOK,
            0,
            scene.alert(Scene.SHOP, "Zebra", true, T, Optional.empty()),
            scene.alert(Scene.SHOP, "Errors", true, T, Optional.empty())));
    List<Labels> before = List.copyOf(scene.shop().firing());
    scene.restart(Duration.ofSeconds(5));
    assertEquals(before, List.copyOf(scene.shop().firing()));
  }

  private Alert leased(boolean firing, Instant startsAt, Optional<Instant> endsAt) {
    Alert alert = scene.alert(Scene.SHOP, "Errors", firing, startsAt, endsAt);
    return new Alert(
        alert.labels(),
        alert.annotations(),
        firing,
        startsAt,
        endsAt,
        scene.now.plus(Duration.ofMinutes(4)),
        "");
  }

  @Test
  void alertsOfNoServiceMakeRoomForEachOther() {
    Scene scene =
        new Scene(new Rules().settings(Rules.settings(Mode.ACT).withAlertRoom(4 * 1_200)).core());
    for (int i = 0; i < 5; i++) {
      scene.send(
          Scene.alerts(
              Door.WEBHOOK, 0, scene.alert("else", "Errors" + i, true, T, Optional.empty())));
    }
    assertEquals(
        List.of("Errors3", "Errors4"),
        scene.state().alerts().stream().map(it -> it.labels().alertName()).toList());
  }

  @Test
  void aWordHoldsForAWeekHoweverFarOffItsEndIsSaidToBe() {
    Alert forever =
        new Alert(
            Labels.of("alertname", "Errors", "service", "shop"),
            new TreeMap<>(),
            true,
            T,
            Optional.empty(),
            Instant.parse("9999-12-31T00:00:00Z"),
            "");
    scene.send(Scene.alerts(Door.API_V2, 0, forever));
    assertEquals(
        scene.now.plus(Duration.ofDays(7)), scene.state().alerts().iterator().next().validUntil());
  }

  @Test
  void endsALotOfLapsedAlertsInPortions() {
    List<Alert> many = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      many.add(scene.alert("shop", "Errors" + i, true, T, Optional.empty()));
    }
    scene.send(new Event.AlertsReceived(Door.WEBHOOK, many, 0));
    scene.now = scene.now.plus(Duration.ofDays(30));
    scene.send(new Event.TimePassed());
    assertEquals(488, scene.state().alerts().stream().filter(Episode::firing).count());
    scene.send(new Event.TimePassed());
    assertEquals(0, scene.state().alerts().stream().filter(Episode::firing).count());
  }
}
