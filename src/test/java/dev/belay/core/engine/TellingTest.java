package dev.belay.core.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.core.incident.Notice;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Who has yet to be told of what, and when it is tried again. */
class TellingTest {
  /** It was headed "watched", by what was known before the person was called. */
  @Test
  void aPageIsHeadedByThatAPersonIsNeeded() {
    Scene scene = Scene.troubled(new Rules().core()).until(Run.Phase.VERIFYING).pass("180S");
    Notice page = scene.notices().getLast();
    assertEquals(Notice.Kind.PAGE, page.kind());
    assertTrue(page.headline().endsWith("a person is needed"), page.headline());
  }

  private static final Duration SOON = Duration.ofSeconds(10);

  /** A daemon with these channels, which holds nothing back. */
  private static Core core(String... channels) {
    return new Rules().settings(Rules.unheld()).channels(channels).core();
  }

  private static Scene started(String... channels) {
    return new Scene(core(channels)).send(new Event.Started());
  }

  private static Scene held(String... channels) {
    return started(channels).send(new Event.HoldAsked("ann", "because"));
  }

  private static Scene takes(Scene scene, String channel, Notice notice) {
    return scene.send(
        new Event.NoticeDelivered(
            notice.incident(), notice.number(), channel, Optional.of("thread of " + channel)));
  }

  private static Notice first(Scene scene) {
    return scene.notices().getFirst();
  }

  private static List<String> handed(Scene scene) {
    return scene.takeNotices().stream()
        .map(
            notify ->
                notify.channel() + notify.owed().stream().map(Notice::number).toList().toString())
        .toList();
  }

  @Test
  void everyChannelIsHandedWhatIsNew() {
    assertEquals(List.of("log[1]", "slack[1]"), handed(held("slack", "log")));
  }

  @Test
  void aNoticeIsOwedToAChannelUntilThatOneTookIt() {
    Scene scene = held("slack", "log");
    takes(scene, "log", first(scene));
    assertEquals(
        List.of(new Owed(first(scene), List.of("slack"), true)), List.copyOf(scene.state().owed()));
    takes(scene, "slack", first(scene));
    assertTrue(scene.state().owed().isEmpty());
    scene.takeNotices();
    scene.pass(Duration.ofHours(1));
    assertTrue(scene.takeNotices().isEmpty());
  }

  @Test
  void theIncidentKnowsItsConversationOnEachChannel() {
    Scene scene = started("slack", "log").fire("Errors");
    takes(scene, "slack", first(scene));
    takes(scene, "log", first(scene));
    assertEquals("thread of slack", scene.incident().threads().get("slack"));
    assertEquals("thread of log", scene.incident().threads().get("log"));
  }

  @Test
  void aRestartTellsAgainOnlyByTheChannelThatDidNotTakeIt() {
    Scene scene = held("slack", "log");
    takes(scene, "log", first(scene)).restart(SOON);
    assertEquals(List.of("slack[1]"), handed(scene));
  }

  @Test
  void isHandedAgainAfterGrowingPausesForAWeekAndThenGivenUp() {
    Scene scene = held("slack");
    List<Long> pauses = new ArrayList<>();
    Instant last = scene.now;
    scene.takeNotices();
    while (!scene.state().owed().isEmpty()) {
      Instant next = scene.state().nextDeadline().orElseThrow();
      pauses.add(Duration.between(last, next).toSeconds());
      last = next;
      scene.pass(Duration.between(scene.now, next));
      int expected = scene.state().owed().isEmpty() ? 0 : 1;
      assertEquals(expected, scene.takeNotices().size());
    }
    assertEquals(List.of(2L, 4L, 8L, 16L, 32L, 64L, 128L, 256L, 300L, 300L), pauses.subList(0, 10));
    assertEquals(300L, pauses.getLast());
    assertTrue(!last.isBefore(Scene.START.plus(Duration.ofDays(7))), last.toString());
    assertTrue(last.isBefore(Scene.START.plus(Duration.ofDays(7)).plusSeconds(301)));
    Fact.NoticeGivenUp end = scene.lastFacts(Fact.NoticeGivenUp.class).getFirst();
    assertEquals(
        "slack has not taken notice 1 of belay; it is given up.", Sentences.of(end).orElseThrow());
    assertTrue(scene.state().nextDeadline().isEmpty());
  }

  @Test
  void isNotGivenUpWhileItsIncidentIsOpen() {
    Scene scene = started("slack");
    for (int day = 0; day < 20; day++) {
      scene.fireFor("Errors", Duration.ofHours(25)).pass(Duration.ofDays(1));
    }
    assertEquals(scene.incident().id(), first(scene).incident());
    assertEquals(List.of(), scene.facts(Fact.NoticeGivenUp.class));
  }

  @Test
  void isGivenUpForOneChannelAndStaysOwedToNoOther() {
    Scene scene = held("slack", "log");
    takes(scene, "log", first(scene)).pass(Duration.ofDays(7).plusHours(1));
    assertEquals(
        List.of("slack"),
        scene.facts(Fact.NoticeGivenUp.class).stream().map(Fact.NoticeGivenUp::channel).toList());
  }

  @Test
  void whatAChannelTakesBeginsThePausesAnew() {
    Scene scene = held("slack").send(new Event.HoldEnded("ann")).pass(Duration.ofMinutes(30));
    takes(scene, "slack", first(scene));
    assertEquals(scene.now.plusSeconds(2), scene.state().nextDeadline().orElseThrow());
  }

  @Test
  void whatIsNewIsHandedOverWithWhatIsOwedAndInItsOrder() {
    Scene scene = held("slack").pass(Duration.ofMinutes(30));
    scene.takeNotices();
    scene.send(new Event.HoldEnded("ann"));
    assertEquals(List.of("slack[1, 2]"), handed(scene));
  }

  @Test
  void thePausesGoOnAfterARestartOnceItWasTriedAtOnce() {
    Scene scene = held("slack").pass(Duration.ofMinutes(30)).restart(SOON);
    assertEquals(List.of("slack[1]"), handed(scene));
    scene.pass("2S");
    assertEquals(List.of("slack[1]"), handed(scene));
    scene.pass("3S");
    assertTrue(scene.takeNotices().isEmpty());
  }

  @Test
  void afterAStopOfDaysItIsTriedOnceMore() {
    Scene scene = held("slack").restart(Duration.ofDays(9));
    assertEquals(List.of("slack[1]"), handed(scene));
    scene.pass("2S");
    assertTrue(scene.takeNotices().isEmpty());
    assertTrue(scene.state().owed().isEmpty());
  }

  @Test
  void aChannelThatIsGoneOwesNothing() {
    Scene scene = held("slack", "log");
    takes(scene, "log", first(scene)).restart(SOON, core("log"));
    assertTrue(scene.state().owed().isEmpty());
    assertTrue(scene.takeNotices().isEmpty());
  }

  @Test
  void whatNobodyTookIsToldByTheChannelsThatThereAreNow() {
    Scene scene = held("slack").restart(SOON, core("log", "pager"));
    assertEquals(List.of("log[1]", "pager[1]"), handed(scene));
  }

  @Test
  void aNewChannelOwesOnlyWhatIsNew() {
    Scene scene = held("slack");
    takes(scene, "slack", first(scene)).restart(SOON, core("slack", "log"));
    assertTrue(scene.takeNotices().isEmpty());
    scene.send(new Event.HoldEnded("ann"));
    assertEquals(List.of("log[2]", "slack[2]"), handed(scene));
  }

  /** As it stands in the journals of versions that did not know their channels. */
  @Test
  void whatAnEarlierVersionTookForToldIsTold() {
    Scene scene = new Scene(core("slack", "log"));
    scene.send(new Event.HoldAsked("ann", "because")).send(new Event.HoldEnded("ann"));
    takes(scene, "slack", first(scene)).restart(SOON);
    assertEquals(List.of("log[2]", "slack[2]"), handed(scene));
  }

  @Test
  void anAnswerThatCameBeforeChangesNothing() {
    Scene scene = held("slack");
    takes(scene, "slack", first(scene));
    takes(scene, "slack", first(scene));
    assertTrue(scene.lastFacts(Fact.class).isEmpty());
    takes(scene, "unheard of", first(scene));
    assertTrue(scene.lastFacts(Fact.class).isEmpty());
  }

  @Test
  void nothingBeyondTheBoundDisappearsWithoutBeingGivenUp() {
    Scene scene = started("slack", "log");
    int made = Accounts.KEPT + 20;
    for (int number = 1; number <= made; number += 2) {
      scene.send(new Event.HoldAsked("ann", "because"));
      takes(scene, "log", scene.notices().getLast());
      scene.send(new Event.HoldEnded("ann"));
      takes(scene, "log", scene.notices().getLast());
    }
    List<Fact.NoticeGivenUp> givenUp = scene.facts(Fact.NoticeGivenUp.class);
    assertEquals(
        IntStream.range(0, 20).map(i -> 2 * i + 1).boxed().toList(),
        givenUp.stream().map(Fact.NoticeGivenUp::number).toList(),
        "the oldest that later ones say anew");
    assertEquals(
        Set.of("slack"),
        givenUp.stream().map(Fact.NoticeGivenUp::channel).collect(Collectors.toSet()));
    Set<Integer> accounted =
        Stream.concat(
                givenUp.stream().map(Fact.NoticeGivenUp::number),
                scene.state().owed().stream().map(debt -> debt.notice().number()))
            .collect(Collectors.toSet());
    assertEquals(made, scene.notices().size());
    assertEquals(made, accounted.size());
    assertEquals(Accounts.KEPT, scene.state().owed().size());
  }

  @Test
  void whatAnotherChannelDoesNotTakeIsHandedToTheOthersAllTheSame() {
    State state = new State();
    state.apply(new Fact.ChannelsNamed(List.of("log", "slack"), Scene.START, Optional.empty()));
    for (int number = 1; number <= Accounts.KEPT; number++) {
      state.apply(new Fact.NoticeMade(notice("belay", number, Notice.Kind.PAGE)));
      state.apply(new Fact.NoticeSent("belay", number, "log", Optional.empty(), Scene.START));
    }
    Decision decision =
        core("log", "slack").handle(state, new Event.HoldAsked("ann", "because"), Scene.START);
    int number = Accounts.KEPT + 1;
    assertTrue(
        decision.facts().contains(new Fact.NoticeGivenUp("belay", number, "slack", Scene.START)),
        "it calls nobody, and pages do");
    assertEquals(
        List.of(number), state.accounts().owedTo("log").stream().map(Notice::number).toList());
  }

  /** Such as a journal of a version that let go of it without a word. */
  @Test
  void whatIsOwedBeyondTheBoundAtTheStartIsGivenUpThen() {
    State state = new State();
    state.apply(new Fact.ChannelsNamed(List.of("slack"), Scene.START, Optional.empty()));
    for (int number = 1; number <= Accounts.KEPT + 3; number++) {
      state.apply(new Fact.NoticeMade(notice("belay", number, Notice.Kind.PAGE)));
    }
    Decision decision = core("slack").handle(state, new Event.Started(), Scene.START);
    assertEquals(
        List.of(1, 2, 3),
        decision.facts().stream()
            .filter(Fact.NoticeGivenUp.class::isInstance)
            .map(fact -> ((Fact.NoticeGivenUp) fact).number())
            .toList());
  }

  @Test
  void whatALaterNoticeSaysAnewIsGivenUpFirstAndPagesLast() {
    Accounts accounts = new Accounts();
    accounts.named(List.of("slack"), List.of(), Scene.START);
    Notice page = notice("shop-1", 1, Notice.Kind.PAGE);
    Notice opened = notice("shop-2", 1, Notice.Kind.OPENED);
    Notice outdated = notice("shop-2", 2, Notice.Kind.PROGRESS);
    Notice current = notice("shop-2", 3, Notice.Kind.PROGRESS);
    List.of(page, opened, outdated, current).forEach(notice -> accounts.made(notice, List.of()));
    for (int number = 1; number <= Accounts.KEPT; number++) {
      accounts.made(notice("cart-1", number, Notice.Kind.PAGE), List.of());
    }
    assertEquals(List.of(outdated, opened, current, page), accounts.excess("slack"));
  }

  @Test
  void aStormOfManyServicesLosesOnlyWhatLaterNoticesSayAnew() {
    Accounts accounts = new Accounts();
    accounts.named(List.of("slack"), List.of(), Scene.START);
    List<Notice.Kind> story =
        List.of(
            Notice.Kind.OPENED,
            Notice.Kind.COUNTDOWN,
            Notice.Kind.ACTED,
            Notice.Kind.PROGRESS,
            Notice.Kind.PROGRESS,
            Notice.Kind.CLOSED);
    for (int number = 1; number <= story.size(); number++) {
      for (int service = 0; service < 200; service++) {
        accounts.made(notice("s" + service + "-1", number, story.get(number - 1)), List.of());
      }
    }
    List<Notice> excess = accounts.excess("slack");
    assertEquals(200, excess.size());
    assertEquals(
        Set.of(Notice.Kind.COUNTDOWN),
        excess.stream().map(Notice::kind).collect(Collectors.toSet()));
  }

  private static Notice notice(String incident, int number, Notice.Kind kind) {
    return new Notice(
        incident,
        number,
        kind,
        incident.equals("belay") ? "" : incident.substring(0, incident.lastIndexOf('-')),
        "headline",
        "text",
        Scene.START,
        Optional.empty());
  }
}
