package dev.belay.core.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.core.incident.Reason;
import dev.belay.core.release.Release;
import dev.belay.core.release.Revision;
import dev.belay.core.release.Rollout;
import dev.belay.core.remediation.Observation;
import dev.belay.core.rule.Narrowing;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Rollouts that follow each other while nobody looks are releases each. */
class MissedRevisionsTest {
  private Scene scene = new Scene(new Rules().core());

  /** What the workload's controller keeps; one that comes back gets a new number. */
  private final List<Revision> revisions = new ArrayList<>();

  private long number;

  MissedRevisionsTest() {
    ship("a");
    look(true);
    scene.pass(Duration.ofHours(1));
    look(true);
    assertTrue(releases().isEmpty());
  }

  private void ship(String template) {
    ship(template, "uid-" + template);
  }

  private void ship(String template, String uid) {
    Instant made =
        revisions.stream()
            .filter(known -> known.uid().equals(uid))
            .map(Revision::createdAt)
            .findFirst()
            .orElse(scene.now);
    revisions.removeIf(known -> known.uid().equals(uid));
    revisions.add(
        new Revision(
            uid, ++number, template, List.of("shop:" + template), made, 1, Optional.empty()));
  }

  private void look(boolean complete) {
    List<Revision> newestFirst =
        revisions.stream().sorted(Comparator.comparingLong(Revision::number).reversed()).toList();
    scene.send(
        new Event.WorkloadSeen(
            Scene.SHOP,
            new Observation.OfWorkload(
                Rules.SHOP_WORKLOAD,
                "uid",
                number,
                false,
                complete ? Rollout.done("") : Rollout.underWay(Set.of(), ""),
                newestFirst.getFirst().digest(),
                Optional.empty(),
                Optional.of("kubectl-set"),
                newestFirst,
                Narrowing.NONE,
                Map.of())));
  }

  private List<Release> releases() {
    return List.copyOf(scene.shop().releases());
  }

  private List<String> images() {
    return releases().stream().map(release -> release.image().orElseThrow()).toList();
  }

  @Test
  void twoRolloutsBetweenTwoLooksAreTwoReleases() {
    Instant first = scene.pass("60S").now;
    ship("b");
    Instant second = scene.pass("5S").now;
    ship("c");
    scene.pass("5S");
    look(true);

    assertEquals(List.of("shop:b", "shop:c"), images());
    assertEquals(List.of(first, second), releases().stream().map(Release::startedAt).toList());
    assertEquals(Optional.empty(), releases().getFirst().actor(), "that was another's doing");
    assertEquals(Stage.Phase.REPLACED, stage(0).phase());
    assertEquals(Stage.Phase.COMPLETE, stage(1).phase());
    look(true);
    assertEquals(2, releases().size());
  }

  @Test
  void whatIsAnnouncedOfThemIsJoinedWithEach() {
    announce("r2", "shop:b");
    ship("b");
    scene.pass("20S");
    announce("r3", "shop:c");
    ship("c");
    scene.pass("20S");
    look(true);
    assertEquals(List.of("r2", "r3"), releases().stream().map(Release::id).toList());
  }

  private void announce(String id, String image) {
    scene.release(id, scene.now, Optional.of(image));
  }

  @Test
  void anAnnouncementWithoutAnImageIsOfTheOneThatIsNearestAndNotOfTheOneThatWasMissed() {
    ship("b");
    scene.pass("20S").release("r3");
    ship("c");
    scene.pass("20S");
    look(true);
    assertEquals(List.of("shop:b", "shop:c"), images());
    assertEquals("r3", releases().getLast().id());
  }

  /** The cluster's clock has whole seconds. */
  @Test
  void ofTwoThatWereMadeInTheSameSecondTheAnnouncementIsOfTheOneThatRuns() {
    scene.pass("20S").release("r3");
    ship("b");
    ship("c");
    scene.pass("20S");
    look(true);
    assertEquals(List.of("shop:b", "shop:c"), images());
    assertEquals("r3", releases().getLast().id());
    scene.fire("Errors");
    assertEquals(Reason.RELEASE_TO_BLAME, scene.reason());
  }

  /** It began before the one that it replaced, by when it was announced. */
  @Test
  void theOneThatRunsIsBlamedThoughItWasAnnouncedBeforeBothWereMade() {
    scene.pass("20S").release("r3").pass("10S");
    ship("b");
    ship("c");
    scene.pass("20S");
    look(true);
    assertEquals("r3", releases().getLast().id());
    scene.fire("Errors");
    assertEquals(Reason.RELEASE_TO_BLAME, scene.reason());
  }

  @Test
  void onlyTheLatestIsBlamedAndOnlyForWhatBeganAfterIt() {
    scene.pass("60S");
    ship("b");
    scene.pass("10S").fire("Errors").pass("10S");
    ship("c");
    look(false);
    assertEquals(Reason.OLDER_THAN_RELEASE, scene.reason());
  }

  @Test
  void historyFromBeforeBelayCameIsNoRelease() {
    Scene fresh = new Scene(new Rules().core());
    Observation.OfWorkload older = fresh.observation(Scene.OLD, true);
    assertEquals(1, older.revisions().size());
    fresh.pass(Duration.ofHours(3));
    Observation.OfWorkload two = fresh.observation(Scene.NEW, true);
    fresh.pass(Duration.ofHours(1));
    fresh.send(new Event.WorkloadSeen(Scene.SHOP, fresh.observation("digest-3", true)));
    assertEquals(2, two.revisions().size());
    assertEquals(
        List.of(Optional.of("shop:digest-3")),
        fresh.shop().releases().stream().map(Release::image).toList());
  }

  /** What came back before Belay came is as old as when it was first made, not as its history. */
  @Test
  void historyThatIsNewerThanWhatCameBackIsNoReleaseEither() {
    scene = new Scene(new Rules().core());
    scene.pass(Duration.ofDays(2));
    ship("b");
    scene.pass(Duration.ofDays(2));
    ship("a");
    look(true);
    scene.pass(Duration.ofHours(1));
    ship("c");
    look(true);
    assertEquals(List.of("shop:c"), images());
  }

  @Test
  void oldRevisionsThatMerelyStillExistAreNone() {
    for (String template : List.of("b", "c")) {
      scene.pass("60S");
      ship(template);
      look(true);
    }
    scene.pass("60S");
    ship("b");
    look(true);
    scene.pass("60S");
    ship("d");
    look(true);
    assertEquals(List.of("shop:b", "shop:c", "shop:b", "shop:d"), images());
    assertEquals(Release.Change.ROLLED_BACK, releases().get(2).change());
  }

  @Test
  void whatWasShippedAndUndoneInBetweenIsAReleaseAndARollback() {
    scene.pass("60S");
    ship("b");
    scene.pass("10S");
    ship("a");
    scene.pass("10S");
    look(true);
    assertEquals(List.of("shop:b", "shop:a"), images());
    assertEquals(Release.Change.ROLLED_BACK, releases().getLast().change());
    scene.pass("10S").fire("Errors");
    assertEquals(Reason.RELEASE_UNJUDGED, scene.reason(), "the rollback is not to blame");
  }

  @Test
  void whatWasShippedReplacedAndBroughtBackInBetweenIsThreeReleases() {
    scene.pass("60S");
    ship("b");
    scene.pass("10S");
    ship("c");
    scene.pass("10S");
    ship("b");
    scene.pass("10S");
    look(true);
    assertEquals(List.of("shop:b", "shop:c", "shop:b"), images());
    assertEquals(Release.Change.ROLLED_BACK, releases().getLast().change());
    assertEquals(scene.now, releases().getLast().startedAt());
  }

  /** The workload was read before the newest revision was made, and the revisions after. */
  @Test
  void aRevisionThatIsYetToBeSeenRunningIsNotMissed() {
    scene.pass("60S");
    ship("b");
    List<Revision> ahead = List.copyOf(revisions);
    Revision old = ahead.getFirst();
    scene.send(
        new Event.WorkloadSeen(
            Scene.SHOP,
            new Observation.OfWorkload(
                Rules.SHOP_WORKLOAD,
                "uid",
                number,
                false,
                Rollout.done(""),
                old.digest(),
                Optional.empty(),
                Optional.empty(),
                ahead.reversed(),
                Narrowing.NONE,
                Map.of())));
    assertTrue(releases().isEmpty());
    look(false);
    assertEquals(List.of("shop:b"), images());
    assertEquals(Release.Change.UPGRADED, releases().getFirst().change());
  }

  /** A restart makes a revision with the same template but for its date. */
  @Test
  void aRestartInBetweenIsNoRelease() {
    scene.pass("60S");
    ship("a", "uid-restarted");
    scene.pass("10S");
    ship("b");
    look(true);
    assertEquals(List.of("shop:b"), images());
  }

  @Test
  void onlyTheLatestOfVeryManyAreMadeUpFor() {
    for (int i = 0; i < 40; i++) {
      scene.pass("1S");
      ship("m" + i);
    }
    look(true);
    assertEquals(11, releases().size());
    assertEquals("shop:m39", images().getLast());
    assertEquals("shop:m29", images().getFirst());
  }

  private Stage stage(int release) {
    return Stage.of(scene.shop(), releases().get(release));
  }
}
