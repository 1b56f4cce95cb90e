package dev.belay.intake;

import dev.belay.core.engine.Event;
import java.util.Optional;

/** What a body turned out to be. */
public sealed interface Parsed {
  /**
   * An event.
   *
   * @param complaint what was wrong with those alerts of the delivery that the event leaves out, a
   *     sentence for the sender; empty where nothing was
   */
  record Taken(Event event, Optional<String> complaint) implements Parsed {}

  /**
   * Well-formed, and of no interest.
   *
   * @param sentence says why, where its sender may have meant otherwise
   */
  record Ignored(Ignorance why, Optional<String> sentence) implements Parsed {
    /** Of no interest to anybody who knows what was sent. */
    public Ignored(Ignorance why) {
      this(why, Optional.empty());
    }
  }

  /**
   * Nothing of it is of use.
   *
   * @param sentence says where and what to do, for the sender; may quote the body, so escape it
   *     before it is logged
   */
  record Refused(Refusal why, String sentence) implements Parsed {}

  /** Why a well-formed body makes no event. */
  enum Ignorance {
    /** It holds no alerts. */
    EMPTY,
    /** A known kind of event that says nothing about a release. */
    IRRELEVANT,
    /** Belay's own event came back: acting on it would make a loop. */
    OWN,
    /** What was begun failed, or is not begun yet: nothing was shipped. */
    NOTHING_SHIPPED,
    /** A release of no service or environment in the rules. Not for a parser to tell. */
    OF_NO_SERVICE
  }

  /** Why a body is refused. */
  enum Refusal {
    /** No JSON, or beyond the limits of depth and length. */
    MALFORMED,
    /** JSON, of another shape than this door's. */
    UNRECOGNIZED,
    /** Of the right shape, with values that cannot be. */
    INVALID,
    /** More than one request may hold. */
    TOO_LARGE,
    /** A content type that this door does not read. */
    UNSUPPORTED
  }
}
