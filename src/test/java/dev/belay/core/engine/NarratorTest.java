package dev.belay.core.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.belay.core.release.Announcement;
import dev.belay.core.release.Release;
import dev.belay.core.release.Sighting;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A release is told of once, and later what is new of it. */
class NarratorTest {
  private static final Instant START = Instant.parse("2026-11-24T10:00:00Z");
  private static final Optional<Sighting> SEEN =
      Optional.of(new Sighting(3, "c962", Optional.empty(), Optional.of("Helm")));
  private static final Release ROLLED_OUT =
      new Release(
          "rs-14",
          "belay/watch",
          "covet",
          "",
          Release.Change.UPGRADED,
          Optional.empty(),
          Optional.of("covet:1.2"),
          START,
          Optional.empty(),
          Optional.of("kubectl-set"),
          SEEN);
  private static final Release JOINED =
      new Release(
          "rs-14",
          "belay/watch",
          "covet",
          "production",
          Release.Change.UPGRADED,
          Optional.of("v1.2"),
          Optional.of("covet:1.2"),
          START,
          Optional.empty(),
          Optional.of("ada"),
          SEEN);
  private static final Release COMPLETE =
      new Release(
          "rs-14",
          "belay/watch",
          "covet",
          "production",
          Release.Change.UPGRADED,
          Optional.of("v1.2"),
          Optional.of("covet:1.2"),
          START,
          Optional.of(START.plusMillis(12_400)),
          Optional.of("ada"),
          SEEN);
  private static final Release EARLIER =
      new Release(
          "rs-14",
          "belay/watch",
          "covet",
          "production",
          Release.Change.UPGRADED,
          Optional.of("v1.2"),
          Optional.of("covet:1.2"),
          START.minusSeconds(60),
          Optional.empty(),
          Optional.of("ada"),
          SEEN);
  private static final Fact.ReleaseJoined SAME =
      new Fact.ReleaseJoined(
          "covet", ROLLED_OUT.announcement(), new Announcement("deploy-7", "ci"), START);

  private static List<String> told(Fact... facts) {
    Narrator narrator = new Narrator();
    List<String> told = new ArrayList<>();
    for (int i = 0; i < facts.length; i++) {
      narrator
          .tell(facts[i], i + 1 < facts.length ? Optional.of(facts[i + 1]) : Optional.empty())
          .ifPresent(told::add);
    }
    return told;
  }

  private static Fact.ReleaseRecorded recorded(Release release) {
    return new Fact.ReleaseRecorded("covet", release);
  }

  @Test
  void aReleaseThatIsSeenAndAnnouncedAndDoneIsToldOfOnceAndThenWhatIsNew() {
    assertEquals(
        List.of(
            "Release covet:1.2 began 10:00:00 UTC, as the cluster shows (by kubectl-set, revision"
                + " 3, template c962, kept by Helm).",
            "Release covet:1.2: it is v1.2, by ada, ci calls it deploy-7.",
            "Release v1.2: complete after 12s."),
        told(recorded(ROLLED_OUT), recorded(JOINED), SAME, recorded(COMPLETE)));
  }

  @Test
  void aReleaseBeginsOnceThoughItProvesToBeOlder() {
    assertEquals(
        List.of(
            "Release covet:1.2 began 10:00:00 UTC, as the cluster shows (by kubectl-set, revision"
                + " 3, template c962, kept by Helm).",
            "Release covet:1.2: it is v1.2, under way since 09:59:00 UTC, by ada."),
        told(recorded(ROLLED_OUT), recorded(EARLIER)));
  }

  @Test
  void whatIsSaidAgainIsNotToldAgain() {
    assertEquals(1, told(recorded(JOINED), recorded(JOINED)).size());
  }

  @Test
  void thatAnotherSpeaksOfItIsToldThoughNothingElseIsNew() {
    assertEquals(
        List.of("What ci calls deploy-7 is the release of belay/watch (rs-14)."),
        told(recorded(JOINED), recorded(JOINED), SAME).subList(1, 2));
  }

  @Test
  void anotherServicesReleaseIsAnother() {
    assertEquals(2, told(recorded(JOINED), new Fact.ReleaseRecorded("cart", JOINED)).size());
  }
}
