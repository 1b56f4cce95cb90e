package dev.belay.core.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.core.incident.Reason;
import dev.belay.core.release.Announcement;
import dev.belay.core.release.Owner;
import dev.belay.core.release.Release;
import dev.belay.core.release.Sighting;
import dev.belay.core.remediation.Observation;
import dev.belay.core.remediation.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A release that is seen by several ways is one release. */
class OneReleaseTest {
  private static final String CAUSE_BEFORE = "Belay rolled back to revision 1 (action a1)";

  private static final String IMAGE = "shop:" + Scene.NEW;

  /** A release without times is dated by its arrival; each delivery moved its end to now. */
  @Test
  void aReleaseThatIsDeliveredAgainChangesNothing() {
    Scene scene = Scene.settled(new Rules().core());
    scene.send(moment("r9", scene.now)).pass("60S");
    Instant told = scene.now;
    scene.send(moment("r9", told));
    assertEquals(List.of(), scene.lastFacts());
    scene.send(
        new Event.ReleaseReceived(
            Scene.releaseOf(
                "r9",
                Release.Change.DEPLOYED,
                told.minusSeconds(90),
                Optional.of(told),
                Optional.empty())));
    assertEquals(
        Optional.of(told), scene.shop().releases().getLast().finishedAt(), "news is taken");
  }

  private static Event moment(String id, Instant at) {
    return new Event.ReleaseReceived(
        Scene.releaseOf(id, Release.Change.DEPLOYED, at, Optional.of(at), Optional.empty()));
  }

  @Test
  void whatIsAnnouncedAndThenSeenIsOne() {
    Scene scene = settled();
    announce(scene, "ci", "r2", Optional.empty(), Optional.empty());
    scene.pass("5S").workload(Scene.NEW, false).pass("30S").workload(Scene.NEW, true);
    Release release = theOnly(scene);
    assertEquals("ci", release.source());
    assertEquals(Optional.of(scene.now), release.finishedAt());
  }

  @Test
  void whatIsRolledBackIsNamedAsThoseWhoShippedItKnowIt() {
    Scene scene = settled().workload(Scene.NEW, true).pass("20S");
    announce(scene, "ci", "r2", Optional.of("2.0"), Optional.of(IMAGE));
    assertEquals(SeenRelease.SOURCE, theOnly(scene).source());
    scene.fire("Errors").until(Run.Phase.VERIFYING);
    assertEquals(Optional.of(new Announcement("r2", "ci")), undone(scene));
  }

  @Test
  void whatNobodyAnnouncedHasNoNameThatOthersKnow() {
    Scene scene = settled().workload(Scene.NEW, true).pass("20S");
    scene.fire("Errors").until(Run.Phase.VERIFYING);
    assertEquals(Optional.empty(), undone(scene));
  }

  private static Optional<Announcement> undone(Scene scene) {
    return scene.notices().stream()
        .filter(notice -> notice.images().isPresent())
        .findFirst()
        .orElseThrow()
        .undoes();
  }

  @Test
  void whatIsSeenAndThenAnnouncedIsOneAndKeepsItsName() {
    Scene scene = settled().workload(Scene.NEW, true).pass("20S");
    Release seen = theOnly(scene);
    announce(scene, "ci", "r2", Optional.of("2.0"), Optional.of(IMAGE));
    Release release = theOnly(scene);
    assertEquals(seen.announcement(), release.announcement());
    assertEquals(Optional.of("2.0"), release.version());
    assertEquals(Optional.of(release), scene.shop().release(new Announcement("r2", "ci")));
  }

  @Test
  void severalPipelinesThatAnnounceOneRolloutAnnounceOneRelease() {
    Scene scene = settled();
    announce(scene, "kafka", "a", Optional.empty(), Optional.empty());
    scene.workload(Scene.NEW, true).pass("20S");
    announce(scene, "http", "b", Optional.empty(), Optional.empty());
    announce(scene, "argo", "c", Optional.of("2.0"), Optional.of(IMAGE));
    theOnly(scene);
  }

  @Test
  void whatNobodyHasSeenYetIsOneByItsImageOrVersion() {
    Scene scene = settled();
    announce(scene, "kafka", "a", Optional.of("2.0"), Optional.empty());
    announce(scene, "http", "b", Optional.of("2.0"), Optional.of(IMAGE));
    theOnly(scene);
    announce(scene, "argo", "c", Optional.of("2.0"), Optional.of("shop:other"));
    assertEquals(2, scene.shop().releases().size());
  }

  /**
   * As CDEvents' own examples name it, too: without a registry, by the digest that no pod shows.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "registry/team/myapp:digest-2",
        "docker.io/registry/team/myapp:digest-2",
        "myapp@sha256:0b31b1c02ff458ad9b7b81cbdf8f028bd54699fa151f221d1e8de6817db93427",
        "registry/team/myapp@sha256:0b31b1c02ff458ad9b7b81cbdf8f028bd54699fa151f221d1e8de6817db93427"
      })
  void whatAPipelineSaysWhenTheRolloutIsDoneIsOneHoweverItWritesTheImage(String image) {
    Scene scene = new Scene(new Rules().core());
    scene.image = digest -> "registry/team/myapp:" + digest;
    scene.well(Duration.ofMinutes(31)).workload(Scene.NEW, false).pass("90S");
    scene.workload(Scene.NEW, true);
    scene.send(
        new Event.ReleaseReceived(
            new Release(
                "r2",
                "ci",
                Scene.SHOP,
                "",
                Release.Change.DEPLOYED,
                Optional.of("2.0"),
                Optional.of(image),
                scene.now,
                Optional.of(scene.now),
                Optional.empty())));
    assertEquals(Optional.of("2.0"), theOnly(scene).version());
    scene.pass("20S").fire("Errors").until(Run.Phase.VERIFYING);
    assertEquals(Reason.RELEASE_TO_BLAME, scene.facts(Fact.Decided.class).getFirst().reason());
    assertEquals(1, scene.intents());
  }

  @Test
  void whatNobodyHasSeenYetIsOneHoweverItsImageIsWritten() {
    Scene scene = settled();
    announce(scene, "kafka", "a", Optional.empty(), Optional.of("docker.io/library/" + IMAGE));
    announce(scene, "http", "b", Optional.of("2.0"), Optional.of(IMAGE));
    theOnly(scene);
    announce(scene, "argo", "c", Optional.of("2.0"), Optional.of("shop@sha256:ff"));
    theOnly(scene);
    announce(scene, "flux", "d", Optional.empty(), Optional.of("shop@sha256:00"));
    assertEquals(2, scene.shop().releases().size(), "an image that may be it is too little");
  }

  @Test
  void twoByOneSourceAreTwo() {
    Scene scene = settled().workload(Scene.NEW, true);
    announce(scene, "ci", "a", Optional.of("2.0"), Optional.of(IMAGE));
    announce(scene, "ci", "b", Optional.of("2.0"), Optional.of(IMAGE));
    assertEquals(2, scene.shop().releases().size());
  }

  @Test
  void aRedeliveryOfWhatWasJoinedChangesNothing() {
    Scene scene = settled().workload(Scene.NEW, true);
    Release said = announce(scene, "ci", "a", Optional.of("2.0"), Optional.of(IMAGE));
    scene.send(new Event.ReleaseReceived(said));
    assertEquals(List.of(), scene.lastFacts());
  }

  @Test
  void anotherAnnouncementOfTheReleaseUnderWayDoesNotEndTheRun() {
    Scene scene = Scene.troubled(new Rules().core());
    Run.Phase phase = scene.run().phase();
    scene.pass("2S");
    announce(scene, "argo", "sync-7", Optional.empty(), Optional.empty());
    assertEquals(phase, scene.run().phase());
    theOnly(scene);
  }

  @Test
  void whatBelayWentBackToIsNoRelease() {
    Scene scene = Scene.troubled(new Rules().core()).until(Run.Phase.ACTING);
    scene.finished(new Outcome.Applied("done")).workload(Scene.OLD, true);
    assertEquals("r2", theOnly(scene).id());
  }

  @Test
  void whatSomebodyWentBackToIsARollback() {
    Scene scene = settled().workload(Scene.NEW, true).pass("60S").workload(Scene.OLD, true);
    assertEquals(Release.Change.ROLLED_BACK, scene.shop().releases().getLast().change());
    scene.pass("10S").fire("Errors");
    assertEquals(Reason.RELEASE_UNJUDGED, scene.reason());
  }

  @Test
  void whatTheClusterShowsIsKeptWhicheverComesFirst() {
    Scene announced = settled();
    announce(announced, "ci", "r2", Optional.empty(), Optional.empty());
    announced.pass("5S");
    see(announced, Optional.of("Helm"), Optional.of("set image"));
    Scene seen = settled();
    see(seen, Optional.of("Helm"), Optional.of("set image"));
    announce(seen.pass("5S"), "ci", "r2", Optional.of("2.0"), Optional.of(IMAGE));

    Optional<Sighting> sighting =
        Optional.of(new Sighting(2, Scene.NEW, Optional.of("set image"), Optional.of("Helm")));
    assertEquals(sighting, theOnly(announced).sighting());
    assertEquals(sighting, theOnly(seen).sighting());
    announce(announced.pass("5S"), "argo", "sync-7", Optional.empty(), Optional.of(IMAGE));
    assertEquals(sighting, theOnly(announced).sighting());
  }

  /** People annotate a change after they made it. */
  @Test
  void whatIsWrittenLaterOfAReleaseIsTakenAndThenNothingIsNew() {
    Scene scene = settled();
    see(scene, Optional.empty(), Optional.of("what it said before"));
    scene.pass("60S");
    see(scene, Optional.empty(), Optional.of("ticket 7"));
    assertEquals(Optional.of("ticket 7"), theOnly(scene).sighting().flatMap(Sighting::changeCause));
    scene.pass("60S");
    see(scene, Optional.empty(), Optional.of("ticket 7"));
    assertEquals(List.of(), scene.lastFacts(Fact.ReleaseRecorded.class));
  }

  /** It stays on the workload when the next one is rolled out; it had been told of that. */
  @Test
  void whatWasWrittenOfTheReleaseBeforeIsNotToldOfThis() {
    Scene scene = settled();
    see(scene, Optional.empty(), Optional.of(CAUSE_BEFORE));
    assertEquals(Optional.empty(), theOnly(scene).sighting().flatMap(Sighting::changeCause));
    scene.pass("60S");
    see(scene, Optional.empty(), Optional.of(CAUSE_BEFORE));
    assertEquals(Optional.empty(), theOnly(scene).sighting().flatMap(Sighting::changeCause));
  }

  /** Whoever removes something from a template becomes an owner of nothing; no release was seen. */
  @Test
  void whatIsRemovedAfterBelayRolledBackIsAReleaseThoughBelayWroteTheTemplateLast() {
    Scene scene = settled();
    seeByBelay(scene, Scene.NEW);
    assertEquals(Optional.empty(), theOnly(scene).actor());
    assertEquals(Release.Change.UPGRADED, theOnly(scene).change());
  }

  @Test
  void aRevisionThatBelayWentBackToIsNoRelease() {
    Scene scene = settled().workload(Scene.NEW, true).pass("60S");
    seeByBelay(scene, Scene.OLD);
    assertEquals(Scene.NEW, theOnly(scene).sighting().orElseThrow().digest());
  }

  @Test
  void whatIsWrittenOfAReleaseIsBounded() {
    Scene scene = settled();
    see(scene, Optional.empty(), Optional.of("x".repeat(200_000)));
    assertEquals(
        1_001, theOnly(scene).sighting().orElseThrow().changeCause().orElseThrow().length());
  }

  @Test
  void whatKubectlWritesDownOfVariablesIsToldWithoutTheirValues() {
    Scene scene = settled();
    see(
        scene,
        Optional.empty(),
        Optional.of("kubectl set env deploy/shop TOKEN=hush DEBUG=1 --record=true"));
    assertEquals(
        Optional.of("kubectl set env deploy/shop TOKEN=\u2026"),
        theOnly(scene).sighting().flatMap(Sighting::changeCause));
  }

  private static void see(Scene scene, Optional<String> owner, Optional<String> changeCause) {
    see(
        scene,
        new Seen(scene.observation(Scene.NEW, true))
            .owner(owner.map(name -> new Owner(name, false)))
            .revisions(
                revision ->
                    Seen.with(
                        revision.images(),
                        revision.digest().equals(Scene.NEW)
                            ? changeCause
                            : Optional.of(CAUSE_BEFORE),
                        revision)));
  }

  private static void seeByBelay(Scene scene, String digest) {
    see(scene, new Seen(scene.observation(digest, true)).actor("belay"));
  }

  private static void see(Scene scene, Seen seen) {
    scene.send(new Event.WorkloadSeen(Scene.SHOP, seen.workload()));
  }

  @Test
  void whatHasAlwaysRunIsNoRelease() {
    assertTrue(settled().shop().releases().isEmpty());
  }

  @Test
  void whatBeganSoonBeforeBelayCameIsARelease() {
    Scene scene = new Scene(new Rules().core());
    scene.observation(Scene.OLD, true);
    scene.pass(Duration.ofHours(3));
    Observation.OfWorkload second = scene.observation(Scene.NEW, true);
    scene.pass(Duration.ofMinutes(20));
    scene.send(new Event.WorkloadSeen(Scene.SHOP, second));
    assertEquals(Scene.START.plus(Duration.ofHours(3)), theOnly(scene).startedAt());
  }

  private static Scene settled() {
    return Scene.settled(new Rules().core()).pass(Duration.ofMinutes(20));
  }

  private static Release announce(
      Scene scene, String source, String id, Optional<String> version, Optional<String> image) {
    Release release =
        new Release(
            id,
            source,
            Scene.SHOP,
            "",
            Release.Change.DEPLOYED,
            version,
            image,
            scene.now,
            Optional.empty(),
            Optional.empty());
    scene.send(new Event.ReleaseReceived(release));
    return release;
  }

  private static Release theOnly(Scene scene) {
    List<Release> releases = List.copyOf(scene.shop().releases());
    assertEquals(1, releases.size(), releases::toString);
    return releases.getFirst();
  }
}
