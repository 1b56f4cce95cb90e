package dev.belay.core.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.core.incident.Reason;
import dev.belay.core.release.Release;
import dev.belay.core.release.Revision;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Which release brought which revision, where one names a tag and the other a digest. */
class TieTest {
  private static final Instant THEN = Scene.START;
  private static final Instant LATER = THEN.plusSeconds(60);

  /** As where it names none: that it lies near is too little. */
  @Test
  void aRevisionThatCameBackIsNotBroughtByAReleaseWhoseImageOnlyMayBeIts() {
    Revision back = revision(1, THEN.minusSeconds(600), "r/shop:1");
    Tie tie = tie(List.of(ran(back, THEN)));
    assertTrue(tie.brought(named("r/shop:1", THEN), ran(back, THEN)));
    assertFalse(tie.brought(named("r/shop@sha256:ff", THEN), ran(back, THEN)));
  }

  @Test
  void aReleaseBroughtTheRevisionThatItNamesAndNoNearerOneThatMayBeIt() {
    Revision tagged = revision(1, THEN, "r/shop:1");
    Revision pinned = revision(2, LATER, "r/shop@sha256:ff");
    Tie tie = tie(List.of(ran(tagged, THEN), ran(pinned, LATER)));
    Release release = named("r/shop:1", LATER);
    assertTrue(tie.brought(release, ran(tagged, THEN)));
    assertFalse(tie.brought(release, ran(pinned, LATER)));
    assertTrue(tie.brought(named("shop@sha256:ff", THEN), ran(pinned, LATER)));
    assertFalse(tie.brought(named("shop@sha256:ff", THEN), ran(tagged, THEN)));
  }

  @Test
  void ofTwoDigestsThatMayBothBeTheOneThatRunsNeitherIs() {
    Revision only = revision(1, THEN, "r/shop:1");
    Release first = named("shop@sha256:aa", THEN);
    Release second = named("shop@sha256:bb", LATER);
    Tie tie = tie(List.of(ran(only, THEN)), first, second);
    assertFalse(tie.brought(first, ran(only, THEN)));
    assertFalse(tie.brought(second, ran(only, THEN)));
    Revision next = revision(2, LATER, "r/shop:2");
    Tie both = tie(List.of(ran(only, THEN), ran(next, LATER)), first, second);
    assertTrue(both.brought(first, ran(only, THEN)), "each lies near one of its own");
    assertTrue(both.brought(second, ran(next, LATER)), "each lies near one of its own");
  }

  @Test
  void theImageOfAnotherContainerDisputesNothing() {
    Revision pod = revision(1, THEN, "r/shop:1");
    Release shop = named("shop@sha256:aa", THEN);
    Release proxy = named("proxy@sha256:bb", THEN);
    Revision two =
        new Revision(
            "uid-1", 1, "digest-1", List.of("r/shop:1", "r/proxy:1"), THEN, 1, Optional.empty());
    assertTrue(tie(List.of(ran(two, THEN)), shop, proxy).brought(shop, ran(two, THEN)));
    assertTrue(tie(List.of(ran(pod, THEN)), shop, proxy).brought(shop, ran(pod, THEN)));
  }

  /** It never rolled out, and what runs is the one before: blaming either would be a guess. */
  @Test
  void aSecondDigestThatNeverRolledOutIsNotBlamedForTheFirst() {
    Scene scene = Scene.settled(new Rules().core()).pass("1200S");
    scene.release("r2", scene.now, Optional.of("shop@sha256:aa")).workload(Scene.NEW, true);
    scene.pass("300S").release("r3", scene.now, Optional.of("shop@sha256:bb"));
    scene.pass("60S").fire("Errors");
    assertEquals(Reason.RELEASE_UNJUDGED, scene.reason());
    assertEquals(0, scene.intents());
  }

  /** The source said of another one by tag that it is the revision's. */
  @Test
  void aDigestThatNeverRolledOutIsNotBlamedForWhatTheSameSourceNamedByTag() {
    Scene scene = Scene.settled(new Rules().core()).pass("1200S");
    done(scene.workload(Scene.NEW, true), "r2", "shop:" + Scene.NEW);
    scene.pass("300S");
    done(scene, "r3", "shop@sha256:bb");
    scene.pass("60S").fire("Errors");
    assertEquals(Reason.RELEASE_UNJUDGED, scene.reason());
    assertEquals(0, scene.intents());
  }

  /** It is about to roll out, and what runs came before it was announced. */
  @Test
  void aDigestThatBeginsIsNotTheOneThatBeganBefore() {
    Scene scene = Scene.settled(new Rules().core()).pass("1200S").workload(Scene.NEW, true);
    scene.pass("300S").release("r3", scene.now, Optional.of("shop@sha256:bb"));
    assertEquals(2, scene.shop().releases().size());
    scene.pass("60S").fire("Errors");
    assertEquals(Reason.RELEASE_UNJUDGED, scene.reason());
    assertEquals(0, scene.intents());
  }

  /** As a restart of the same image makes two revisions. */
  @Test
  void anAnnouncementBeforeTheSecondRevisionOfAnImageIsNotTheEndOfTheFirst() {
    Instant first = THEN.minusSeconds(1_500);
    RevisionRecord before =
        new RevisionRecord(
            revision(4, first, "r/shop:latest"),
            first,
            Optional.of(THEN.minusSeconds(30)),
            RevisionRecord.Judgement.UNPROVEN);
    RevisionRecord after =
        ran(revision(5, THEN.plusSeconds(90), "r/shop:latest"), THEN.plusSeconds(90));
    Tie tie = tie(List.of(before, after));
    assertTrue(tie.brought(named("r/shop:latest", THEN), after));
    assertFalse(tie.brought(named("r/shop:latest", THEN), before));
  }

  private static void done(Scene scene, String id, String image) {
    scene.send(
        new Event.ReleaseReceived(
            Scene.releaseOf(
                id,
                Release.Change.UPGRADED,
                scene.now,
                Optional.of(scene.now),
                Optional.of(image))));
  }

  @Test
  void whatIsSaidOfAnImageByTagAndByDigestIsKnownTogether() {
    Scene scene = new Scene(new Rules().core());
    scene.image = digest -> "r/shop:" + digest;
    scene.well(Duration.ofMinutes(31)).workload(Scene.NEW, true).pass("20S");
    done(scene, "r2", "shop@sha256:aa");
    Release release = scene.shop().releases().getLast();
    assertEquals(1, scene.shop().releases().size());
    assertEquals(Optional.of("docker.io/r/shop:digest-2@sha256:aa"), release.image());
    done(scene, "r2", "shop@sha256:aa");
    assertEquals(List.of(), scene.lastFacts(), "saying it again is no news");
  }

  /** CDEvents' {@code service.upgraded} says only when it was done. */
  @Test
  void aLongRolloutThatIsAnnouncedAtItsEndIsOneReleaseAndIsBlamed() {
    Scene scene = Scene.settled(new Rules().core()).pass("1200S").workload(Scene.NEW, false);
    for (int minute = 0; minute < 20; minute++) {
      scene.pass("60S").workload(Scene.NEW, minute == 19);
    }
    done(scene, "r2", "shop:" + Scene.NEW);
    assertEquals(1, scene.shop().releases().size());
    scene.pass("20S").fire("Errors");
    assertEquals(Reason.RELEASE_TO_BLAME, scene.reason());
  }

  private static Tie tie(List<RevisionRecord> revisions, Release... releases) {
    return new Tie(revisions, List.of(releases), (_, _) -> false);
  }

  private static Release named(String image, Instant at) {
    return Scene.releaseOf("r", Release.Change.DEPLOYED, at, Optional.empty(), Optional.of(image));
  }

  private static Revision revision(long number, Instant madeAt, String image) {
    return new Revision(
        "uid-" + number, number, "digest-" + number, List.of(image), madeAt, 1, Optional.empty());
  }

  private static RevisionRecord ran(Revision revision, Instant since) {
    return new RevisionRecord(revision, since, Optional.empty(), RevisionRecord.Judgement.UNPROVEN);
  }
}
