package dev.belay.rules;

import dev.belay.core.rule.Probe;
import dev.belay.rules.yaml.Durations;
import dev.belay.rules.yaml.Fields;
import dev.belay.rules.yaml.Problems;
import dev.belay.rules.yaml.Quoted;
import dev.belay.rules.yaml.Reading;
import dev.belay.rules.yaml.Unreadable;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What stands under {@code probe}: whom to ask whether the service is well, and how. */
final class Probes {
  private static final List<String> KEYS = List.of("url", "every", "timeout", "window", "expect");
  private static final Duration OFTENEST = Duration.ofMillis(100);
  private static final Duration RAREST = Duration.ofMinutes(10);
  private static final Duration LONGEST_WINDOW = Duration.ofHours(1);
  private static final int LEAST_IN_WINDOW = 5;
  private static final int MOST_IN_WINDOW = 1_000;

  private Probes() {}

  static Optional<Probe> read(Fields signals, boolean fleet, Problems problems) {
    Optional<Fields> probe = signals.fields("probe", KEYS);
    if (probe.isEmpty()
        || !probe.get().require("url", "add url: http://NAME.NAMESPACE.svc:PORT/health")) {
      return Optional.empty();
    }
    Fields fields = probe.get();
    Optional<String> url =
        fields.read("url", fleet ? Placeholders.filled(Probes::url) : Probes::url);
    Duration every = fields.read("every", between(OFTENEST, RAREST)).orElse(Duration.ofSeconds(5));
    Duration timeout =
        fields
            .read("timeout", between(Duration.ofMillis(10), every))
            .orElse(every.compareTo(Duration.ofSeconds(1)) < 0 ? every : Duration.ofSeconds(1));
    Duration window =
        fields
            .read("window", between(every.multipliedBy(LEAST_IN_WINDOW), shorter(every)))
            .orElse(usual(every));
    Optional<Integer> expect = fields.whole("expect", 100, 599);
    return url.map(it -> new Probe(it, every, timeout, window, expect));
  }

  /** A minute, where that holds enough probes and not too many. */
  private static Duration usual(Duration every) {
    Duration least = every.multipliedBy(2L * LEAST_IN_WINDOW);
    return least.compareTo(Duration.ofMinutes(1)) > 0 ? least : Duration.ofMinutes(1);
  }

  private static Duration shorter(Duration every) {
    Duration most = every.multipliedBy(MOST_IN_WINDOW);
    Duration longest =
        every.multipliedBy(2L * LEAST_IN_WINDOW).compareTo(LONGEST_WINDOW) > 0
            ? every.multipliedBy(2L * LEAST_IN_WINDOW)
            : LONGEST_WINDOW;
    return most.compareTo(longest) < 0 ? most : longest;
  }

  private static Reading<Duration> between(Duration least, Duration most) {
    return text -> {
      Duration duration = Durations.positive(text);
      if (duration.compareTo(least) < 0 || duration.compareTo(most) > 0) {
        throw new Unreadable(
            Quoted.of(text) + " must be from " + words(least) + " to " + words(most));
      }
      return duration;
    };
  }

  private static String words(Duration duration) {
    return duration.toMillis() % 1_000 == 0
        ? duration.toSeconds() + "s"
        : duration.toMillis() + "ms";
  }

  private static String url(String text) throws Unreadable {
    try {
      URI url = new URI(text);
      boolean web = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
      if (web && url.getHost() != null && url.getUserInfo() == null && url.getFragment() == null) {
        return text;
      }
    } catch (URISyntaxException e) {
      // Said below, as what would be right is the same.
    }
    throw new Unreadable(
        Quoted.of(text)
            + " is not an address to ask; write it as http://NAME.NAMESPACE.svc:PORT/health,"
            + " without a name and password");
  }
}
