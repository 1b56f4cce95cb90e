package dev.belay.intake.kafka;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Notices that partitions are read by others of the same group: what is announced there is heard by
 * them alone. While a group comes to terms, or one Belay takes another's place, that is so too, and
 * is nothing.
 */
final class OtherReaders {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private Optional<Instant> since = Optional.empty();
  private int others;

  /**
   * A look at who reads what.
   *
   * @param own how many partitions are read here
   * @param all how many there are
   */
  void look(int own, int all, Instant now) {
    others = all - own;
    since = others > 0 ? since.or(() -> Optional.of(now)) : Optional.empty();
  }

  /** What is amiss, a sentence with its remedy; empty where nothing is, or not for long yet. */
  Optional<String> trouble(Instant now) {
    return since
        .filter(begun -> !now.isBefore(begun.plus(PATIENCE)))
        .map(
            _ ->
                others
                    + (others == 1 ? " partition is" : " partitions are")
                    + " read by another consumer of the same kafka.group, and what is announced"
                    + " there is not heard here; give each Belay a group of its own");
  }
}
