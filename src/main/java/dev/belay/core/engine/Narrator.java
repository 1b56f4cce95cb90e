package dev.belay.core.engine;

import dev.belay.core.release.Announcement;
import dev.belay.core.release.Release;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Tells the facts of one story in their order, in the words of {@link Sentences}; of a release that
 * it told of before, only what is new. One thread.
 */
public final class Narrator {
  /** So many releases are remembered, the newest; another is told of anew. */
  private static final int RELEASES_AT_MOST = 1_000;

  private record Key(String service, Announcement release) {}

  private final Map<Key, Release> told = new LinkedHashMap<>();

  /** What was said together with the fact before. */
  private Optional<Fact> said = Optional.empty();

  /**
   * A fact as one or two sentences.
   *
   * @param next the fact after it in the story, where there is one
   * @return empty where it is bookkeeping, or nothing of it is new
   */
  public Optional<String> tell(Fact fact, Optional<Fact> next) {
    if (said.filter(fact::equals).isPresent()) {
      said = Optional.empty();
      return Optional.empty();
    }
    if (!(fact instanceof Fact.ReleaseRecorded(var service, var release))) {
      return Sentences.of(fact);
    }
    Optional<Release> before = remember(new Key(service, release.announcement()), release);
    if (before.isEmpty()) {
      return Sentences.of(fact);
    }
    List<String> news = news(before.get(), release);
    if (news.isEmpty()) {
      return Optional.empty();
    }
    if (next.isPresent()
        && next.get() instanceof Fact.ReleaseJoined(var of, var known, var other, _)
        && of.equals(service)
        && known.equals(release.announcement())) {
      said = next;
      news.add(
          other.source().equals(SeenRelease.SOURCE)
              ? "it is what the cluster rolls out"
              : other.source() + " calls it " + other.id());
    }
    return Optional.of("Release " + before.get().label() + ": " + String.join(", ", news) + ".");
  }

  private Optional<Release> remember(Key key, Release release) {
    Optional<Release> before = Optional.ofNullable(told.put(key, release));
    if (told.size() > RELEASES_AT_MOST) {
      told.remove(told.keySet().iterator().next());
    }
    return before;
  }

  private static List<String> news(Release before, Release now) {
    List<String> news = new ArrayList<>();
    if (!now.label().equals(before.label())) {
      news.add("it is " + now.label());
    }
    if (now.startedAt().isBefore(before.startedAt())) {
      news.add("under way since " + Sentences.clock(now.startedAt()));
    }
    List<String> known = Sentences.particulars(before);
    Sentences.particulars(now).stream().filter(it -> !known.contains(it)).forEach(news::add);
    now.finishedAt()
        .filter(end -> before.finishedAt().filter(end::equals).isEmpty())
        .ifPresent(end -> news.add("complete" + after(now.startedAt(), end)));
    return news;
  }

  private static String after(Instant begin, Instant end) {
    Duration took = Duration.between(begin, end).truncatedTo(ChronoUnit.SECONDS);
    return took.isPositive() ? " after " + Sentences.duration(took) : "";
  }
}
