package dev.belay.e2e;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** What the release script refuses; CI has it make a whole release besides. */
final class ReleaseIT {
  @Test
  void aVersionWithoutAChangelogEntryIsNotReleased() {
    assertTrue(refusal("98.7.6").contains("CHANGELOG.md has no lines under \"## 98.7.6\""));
  }

  @Test
  void whatIsNoVersionIsRefused() {
    assertTrue(refusal("latest").contains("give a version, such as 0.1.0"));
    assertTrue(refusal("").contains("give a version, such as 0.1.0"));
  }

  private static String refusal(String version) {
    return String.valueOf(
        assertThrows(
                AssertionError.class,
                () ->
                    Programs.output(
                        new ProcessBuilder("src/release/release.sh", version)
                            .redirectErrorStream(true)))
            .getMessage());
  }
}
