package dev.belay.core.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.core.release.Announcement;
import dev.belay.core.release.Release;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class KnownReleasesTest {
  private final KnownReleases known = new KnownReleases();

  private static Release release(String id, String version, String image) {
    return new Release(
        id,
        "ci",
        "covet",
        "",
        Release.Change.DEPLOYED,
        Optional.of(version).filter(text -> !text.isEmpty()),
        Optional.of(image).filter(text -> !text.isEmpty()),
        Instant.EPOCH,
        Optional.empty(),
        Optional.empty());
  }

  private List<String> alike(Release release) {
    return known.alike(release).stream().map(Release::id).toList();
  }

  @Test
  void thoseThatNameOneOfBothAreFoundInTheOrderInWhichTheyWereHeard() {
    known.put(release("a", "1.1", ""));
    known.put(release("b", "", "covet:1.1"));
    known.put(release("c", "1.2", "covet:1.2"));
    assertEquals(List.of("a", "b"), alike(release("d", "1.1", "covet:1.1")));
    known.put(release("a", "1.1", "covet:1.1"));
    assertEquals(List.of("b", "a"), alike(release("d", "1.1", "covet:1.1")));
    assertEquals(List.of("c"), alike(release("d", "1.2", "other")));
  }

  @Test
  void whatIsForgottenOrSaysSomethingElseNowIsNotFoundByWhatItNamed() {
    known.put(release("a", "1.1", "covet:1.1"));
    known.put(release("b", "1.1", ""));
    known.put(release("b", "1.2", ""));
    assertEquals("a", known.removeEldest().id());
    assertTrue(known.alike(release("d", "1.1", "covet:1.1")).isEmpty());
    assertEquals(List.of("b"), alike(release("d", "1.2", "")));
    assertEquals(1, known.size());
  }

  @Test
  void anImageIsFoundHoweverItIsWritten() {
    known.put(release("a", "", "docker.io/library/covet:1.1"));
    known.put(release("b", "", "ghcr.io/acme/covet@sha256:ff"));
    assertEquals(List.of("a"), alike(release("d", "", "covet:1.1")));
    assertEquals(List.of("b"), alike(release("d", "", "covet:1.2@sha256:ff")));
    known.remove(new Announcement("b", "ci"));
    assertEquals(List.of(), alike(release("d", "", "covet:1.2@sha256:ff")));
  }
}
