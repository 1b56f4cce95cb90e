package dev.belay.port;

import dev.belay.core.engine.Event;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Something that is looked at again and again. Each round stands alone: one that hangs or fails
 * holds up no other. Calls block.
 */
public interface Round {
  /**
   * What it is about, the same after a restart: when in the interval its turn is follows from it.
   * Rounds of one name have their turns at once.
   */
  String name();

  /** From one turn to the next; empty: as the others. */
  default Optional<Duration> interval() {
    return Optional.empty();
  }

  /**
   * When a look was due, by two clocks, which differ where the machine's was put back.
   *
   * @param machine by the machine's, which others share: for this moment they are asked
   * @param steady by Belay's, never earlier than at the turn before: by it, it is judged
   */
  record Turn(Instant machine, Instant steady) {}

  /**
   * Looks, and says what there is to say. What cannot be told is said to be unknown; never throws.
   *
   * @param turn when it was due
   */
  List<Event> look(Turn turn);

  /** So many turns were passed over, because the one before took too long. */
  void missed(long turns);
}
