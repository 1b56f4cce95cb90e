package dev.belay.console;

import dev.belay.port.Journal;
import java.time.Instant;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * An incident's story that goes on: who asks again has only that read which is new. A reading that
 * breaks off is gone on with by the next one. Any thread, one at a time.
 */
final class KeptStory {
  private final String incident;
  private final Instant from;
  private Story story;

  /** What is told of in any case. */
  private Stretch main;

  /** What comes after it, for as long as a mitigation is in force. */
  private Stretch rest;

  /** The story of the incident, of which nothing is read so far. */
  KeptStory(String incident, Instant from) {
    this.incident = incident;
    this.from = from;
    this.story = new Story(incident);
    this.main = new Stretch(from);
    this.rest = new Stretch(from);
  }

  /**
   * Reads on to before the moment, and tells it. Where no time is left for what is read besides, it
   * is told as far as it is known.
   *
   * @param atMost to before when it is read on besides, for as long as a mitigation is in force
   */
  synchronized <T> T tell(Past past, Instant to, Instant atMost, Function<Story, T> telling) {
    if (!readOn(past, to, atMost)) {
      begin();
      readOn(past, to, atMost);
    }
    return telling.apply(story);
  }

  private void begin() {
    story = new Story(incident);
    main = new Stretch(from);
    rest = new Stretch(from);
  }

  /** Whether what is known is still what the journal begins with; all is to be read anew if not. */
  private boolean readOn(Past past, Instant to, Instant atMost) {
    if (!main.readOn(past, to, false)) {
      return false;
    }
    // Where the one ends, the other begins: nothing is told twice, or left out.
    if (!rest.begin.equals(main.end)) {
      if (rest.read > 0) {
        return false;
      }
      rest = new Stretch(main.end);
    }
    return !story.mitigated() || !atMost.isAfter(main.end) || readOnInTime(past, atMost);
  }

  private boolean readOnInTime(Past past, Instant atMost) {
    try {
      return rest.readOn(past, atMost, true);
    } catch (Refusal _) {
      // Who asks again is told more.
      return true;
    }
  }

  /** A part of the time, and how far it was read. */
  private final class Stretch {
    private final Instant begin;
    private Instant end;

    /** How many entries were read, a mark of their moments, and the latest of those. */
    private long read;

    private int marks;
    private Instant latest;

    /**
     * Where the next reading begins, and how many entries that are known come once more there, with
     * a mark of their moments: those of the last one's moment; or all, where the machine's clock
     * was put back between two runs of the daemon, until it has caught up.
     */
    private Instant next;

    private long again;
    private int againMarks;

    Stretch(Instant begin) {
      this.begin = begin;
      this.end = begin;
      this.latest = begin;
      this.next = begin;
    }

    /**
     * Reads on to before the moment, or before a later one where it was read to that once.
     *
     * @param mitigated whether only until no mitigation is in force
     * @return false where other entries come there than those that are known
     */
    boolean readOn(Past past, Instant to, boolean mitigated) {
      end = to.isAfter(end) ? to : end;
      if (!end.isAfter(next)) {
        return true;
      }
      Reading reading = new Reading(this, mitigated);
      try {
        past.read(next, end, reading);
      } catch (Enough _) {
        // What comes after it is of no use.
      }
      return reading.known == 0 && !reading.other;
    }

    private void took(Instant at) {
      read++;
      marks = mark(marks, at);
      if (at.isAfter(latest)) {
        latest = at;
        next = at;
        again = 1;
        againMarks = mark(0, at);
      } else if (at.isBefore(next)) {
        next = begin;
        again = read;
        againMarks = marks;
      } else {
        again++;
        againMarks = mark(againMarks, at);
      }
    }
  }

  private final class Reading implements Consumer<Journal.Entry> {
    private final Stretch stretch;
    private final boolean mitigated;
    private final int expected;
    private long known;
    private int marks;
    private boolean other;

    Reading(Stretch stretch, boolean mitigated) {
      this.stretch = stretch;
      this.mitigated = mitigated;
      this.known = stretch.again;
      this.expected = stretch.againMarks;
    }

    @Override
    public void accept(Journal.Entry entry) {
      if (known > 0) {
        known--;
        marks = mark(marks, entry.at());
        if (known == 0 && marks != expected) {
          other = true;
          throw new Enough();
        }
        return;
      }
      story.read(entry);
      stretch.took(entry.at());
      if (mitigated && !story.mitigated()) {
        throw new Enough();
      }
    }
  }

  /** Ends a reading early. */
  private static final class Enough extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Enough() {
      super("", null, false, false);
    }
  }

  private static int mark(int marks, Instant at) {
    return 31 * marks + at.hashCode();
  }
}
