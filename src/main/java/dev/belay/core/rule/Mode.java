package dev.belay.core.rule;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How far Belay may go on its own.
 *
 * @param kind from the most cautious to the least
 * @param window how long people have to answer: the veto window, or the life of a proposal; zero
 *     for the other two
 */
public record Mode(Kind kind, Duration window) implements Comparable<Mode> {
  /** The four modes, the most cautious first. */
  public enum Kind {
    /** Say what would be done; touch nothing. */
    OBSERVE,
    /** Ask, and act only when a person approves. */
    PROPOSE,
    /** Announce, and act unless a person objects within the window. */
    VETO,
    /** Act, then tell. */
    ACT;

    /** As people write it. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** The window of a veto where none is written. */
  public static final Duration DEFAULT_VETO = Duration.ofSeconds(30);

  /** The life of a proposal where none is written. */
  public static final Duration DEFAULT_PROPOSAL = Duration.ofMinutes(15);

  public static final Mode OBSERVE = new Mode(Kind.OBSERVE, Duration.ZERO);
  public static final Mode PROPOSE = new Mode(Kind.PROPOSE, DEFAULT_PROPOSAL);
  public static final Mode VETO = new Mode(Kind.VETO, DEFAULT_VETO);
  public static final Mode ACT = new Mode(Kind.ACT, Duration.ZERO);

  /** The mode of this word, with the time that it has where none is written; empty: no mode. */
  public static Optional<Mode> of(String word) {
    return Stream.of(OBSERVE, PROPOSE, VETO, ACT)
        .filter(mode -> mode.kind().word().equals(word))
        .findFirst();
  }

  /** The more cautious of the two; of two vetoes, the one that gives people more time. */
  public Mode atMost(Mode cap) {
    if (kind == Kind.VETO && cap.kind == Kind.VETO) {
      return window.compareTo(cap.window) >= 0 ? this : cap;
    }
    return compareTo(cap) <= 0 ? this : cap;
  }

  @Override
  public int compareTo(Mode other) {
    return kind.compareTo(other.kind);
  }
}
