package dev.belay.e2e;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is seen in the console of the Belay that {@code docker-compose.yml} starts, once a bad
 * release was rolled back there. {@code src/test/compose/run.sh} tells that story and runs this; no
 * build runs it by itself, thus the name.
 */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
final class ConsoleOfCompose {
  /** The system property with the console's address, name and password included. */
  private static final String ADDRESS = "belay.console";

  @TempDir private Path profile = Path.of("");

  @Test
  void theRollbackIsSeenInTheConsole() {
    Optional<String> address = Optional.ofNullable(System.getProperty(ADDRESS));
    Assumptions.assumeTrue(address.isPresent(), "run by src/test/compose/run.sh");
    try (Browser browser = Browser.open(profile)) {
      browser.go(address.orElseThrow() + "/#/now");
      browser.see(".rows", "Over");
      browser.go(address.orElseThrow() + "/#/incidents/covet-1");
      browser.see(".notice", "How it ended: The trouble ended within the verification window.");
      browser.see(".change .before", "covet:bad-1.2");
      browser.see(".change .after", "covet:1.1");
      browser.see(".events", "Release bad-1.2 began");
      browser.see(".events", "Alert HighErrorRate fires");
      browser.see(".events", "Doing it now: roll back");
      browser.see(".events", "Incident covet-1 is over.");
      browser.picture("compose-incident");
      browser.assertClean();
    }
  }
}
