package dev.belay.core.release;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.belay.core.release.ImageReference.Likeness;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageReferenceTest {
  @ParameterizedTest
  @CsvSource({
    "x, docker.io/library/x:latest",
    "x:1, docker.io/library/x:1",
    "docker.io/x, docker.io/library/x:latest",
    "index.docker.io/library/x, docker.io/library/x:latest",
    "team/x:1, docker.io/team/x:1",
    "registry/team/x:1, docker.io/registry/team/x:1",
    "localhost/x:1, localhost/x:1",
    "HOST/x:1, HOST/x:1",
    "host:5000/x, host:5000/x:latest",
    "ghcr.io/x:1, ghcr.io/x:1",
    "x@sha256:ff, sha256:ff",
    "x:1@sha256:ff, sha256:ff docker.io/library/x:1"
  })
  void aReferenceIsReadAsContainerEnginesReadIt(String text, String keys) {
    assertEquals(List.of(keys.split(" ", -1)), ImageReference.of(text).keys());
  }

  @ParameterizedTest
  @CsvSource({
    "x:1, docker.io/library/x:1, SAME",
    "x, x:latest, SAME",
    "x:1, x:2, OTHER",
    "ghcr.io/a/x:1, ghcr.io/b/x:1, OTHER",
    "x:1, y:1, OTHER",
    "a/x:1, ghcr.io/a/x:1, OTHER",
    "a/x@sha256:ff, a/x@sha256:ff, SAME",
    "a/x@sha256:ff, a/x@sha256:00, OTHER",
    "a/x@sha256:ff, mirror.io/b/x@sha256:ff, SAME",
    "a/x:1@sha256:ff, a/x:2@sha256:ff, SAME",
    "a/x:1@sha256:ff, a/x:1@sha256:00, OTHER",
    "a/x:1@sha256:ff, a/x:1, SAME",
    "a/x:1@sha256:ff, a/x:2, OTHER",
    "a/x@sha256:ff, a/x:1, UNKNOWN",
    "a/x@sha256:ff, a/x, UNKNOWN",
    "a/x@sha256:ff, b/x:1, OTHER",
    "x@sha256:ff, registry/team/x:1, UNKNOWN",
    "x@sha256:ff, registry/team/y:1, OTHER",
    "x@sha256:ff, registry/team/x@sha256:00, OTHER",
    "x:1, registry/team/x:2, OTHER",
    "x:1, registry/team/x:1, UNKNOWN",
    "x:1, registry/team/box:1, OTHER"
  })
  void twoReferencesAreComparedByWhatBothSay(String one, String other, Likeness likeness) {
    assertEquals(likeness, ImageReference.of(one).compare(ImageReference.of(other)));
    assertEquals(likeness, ImageReference.of(other).compare(ImageReference.of(one)));
  }

  @ParameterizedTest
  @CsvSource({
    "x:1, docker.io/library/x:1",
    "a/x:1@sha256:ff, a/x:1",
    "a/x:1@sha256:ff, b/x@sha256:ff"
  })
  void whatIsTheSameHasAKeyInCommon(String one, String other) {
    assertEquals(Likeness.SAME, ImageReference.of(one).compare(ImageReference.of(other)));
    assertFalse(
        Collections.disjoint(ImageReference.of(one).keys(), ImageReference.of(other).keys()));
  }

  @Test
  void ofSeveralImagesOneThatIsTheSameCountsAndElseOneThatMayBe() {
    ImageReference image = ImageReference.of("x@sha256:ff");
    assertEquals(Likeness.SAME, image.compare(List.of("a/x:1", "a/y:1", "b/x@sha256:ff")));
    assertEquals(Likeness.UNKNOWN, image.compare(List.of("a/y:1", "a/x:1")));
    assertEquals(Likeness.OTHER, image.compare(List.of("a/y:1", "a/z:1")));
    assertEquals(Likeness.OTHER, image.compare(List.of()));
  }

  @ParameterizedTest
  @CsvSource({"''", "@", ":", "/", "a/", "a:b:c@d@e"})
  void anyTextIsReadAndIsTheSameAsItself(String text) {
    ImageReference image = ImageReference.of(text);
    assertEquals(Likeness.SAME, image.compare(ImageReference.of(text)));
  }
}
