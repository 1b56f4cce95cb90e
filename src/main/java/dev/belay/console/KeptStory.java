package dev.belay.console;

import dev.belay.port.Journal;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * An incident's story that goes on: who asks again has only that read which is new. A reading that
 * breaks off is gone on with by the next one. Any thread, one at a time.
 */
final class KeptStory {
  /** How much more is read at a time in search of the end of what is in force. */
  private static final Duration STRETCH = Duration.ofHours(1);

  private final Instant from;
  private final Story story;

  /** How many entries were read, and the latest moment of one. */
  private long read;

  private Instant latest;

  /**
   * Where the next reading begins, and how many entries that are known come once more there: those
   * of the last one's moment; or all, where the machine's clock was put back between two runs of
   * the daemon, until it has caught up.
   */
  private Instant next;

  private long again;

  /** The story of the incident, of which nothing is read so far. */
  KeptStory(String incident, Instant from) {
    this.from = from;
    this.latest = from;
    this.next = from;
    this.story = new Story(incident);
  }

  /**
   * Reads on to before the moment, and tells it.
   *
   * @param atMost to before when it is read on besides, for as long as a mitigation is in force
   */
  synchronized <T> T tell(Past past, Instant to, Instant atMost, Function<Story, T> telling) {
    readOn(past, to);
    Instant end = to;
    while (story.mitigated() && end.isBefore(atMost)) {
      end = end.plus(STRETCH).isBefore(atMost) ? end.plus(STRETCH) : atMost;
      readOn(past, end);
    }
    return telling.apply(story);
  }

  private void readOn(Past past, Instant to) {
    if (to.isAfter(next)) {
      past.read(next, to, new Reading(again));
    }
  }

  private final class Reading implements Consumer<Journal.Entry> {
    private long known;

    Reading(long known) {
      this.known = known;
    }

    @Override
    public void accept(Journal.Entry entry) {
      if (known > 0) {
        known--;
        return;
      }
      story.read(entry);
      took(entry.at());
    }
  }

  private void took(Instant at) {
    read++;
    if (at.isAfter(latest)) {
      latest = at;
      next = at;
      again = 1;
    } else if (at.isBefore(next)) {
      next = from;
      again = read;
    } else {
      again++;
    }
  }
}
