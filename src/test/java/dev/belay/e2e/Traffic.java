package dev.belay.e2e;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Counts requests as they are answered by whichever pods are ready. */
final class Traffic {
  private static final int PER_SCRAPE = 300;

  private long good;
  private long failed;
  private Optional<Instant> firstBad = Optional.empty();

  /** What there is to scrape: so many requests more than the last time. */
  synchronized String serve(String namespace, List<String> images) {
    if (!images.isEmpty()) {
      long bad = images.stream().filter(image -> image.contains("bad")).count();
      long failures = PER_SCRAPE * bad / images.size();
      failed += failures;
      good += PER_SCRAPE - failures;
      if (failures > 0 && firstBad.isEmpty()) {
        firstBad = Optional.of(Instant.now());
      }
    }
    return """
    http_requests_total{namespace="%1$s",code="200"} %2$d
    http_requests_total{namespace="%1$s",code="500"} %3$d
    """
        .formatted(namespace, good, failed);
  }

  /** When failures were scraped for the first time. */
  synchronized Instant firstBad() {
    return firstBad.orElseThrow(() -> new AssertionError("no failure was scraped"));
  }
}
