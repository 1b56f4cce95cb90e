package dev.belay.core.engine;

import dev.belay.core.incident.Notice;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Hands each channel all that it has yet to take: at once when there is news, when the daemon
 * starts, and again, after growing pauses, for as long as it is worth telling. It never counts how
 * often a channel failed: only what a channel took is known, and only that ends the handing over.
 */
final class TellingDecider {
  private static final Duration LATEST = Duration.ofMinutes(5);
  private static final int DOUBLINGS = 8;

  /** What is older, of an incident that is over, helps nobody any more. */
  private static final Duration WORTH = Duration.ofDays(7);

  private final List<String> channels;
  private final List<String> later;

  TellingDecider(List<String> channels, Escalation escalation) {
    this.channels = channels.stream().sorted().distinct().toList();
    this.later = escalation.later(this.channels);
  }

  /** The daemon starts, perhaps with other channels than before; to be known before any news. */
  void name(Turn turn) {
    if (!channels.equals(turn.state.accounts().channels())
        || !later.equals(turn.state.accounts().later())) {
      Optional<List<String>> some = Optional.of(later).filter(names -> !names.isEmpty());
      turn.record(new Fact.ChannelsNamed(channels, turn.now, some));
    }
  }

  /** A start may be what mends a channel, so it is tried at once, whatever failed before. */
  void resume(Turn turn) {
    for (StateSnapshot.Trying trying : turn.state.accounts().trying()) {
      turn.record(
          new Fact.NoticesTriedAgain(trying.channel(), 0, turn.now.plus(Accounts.SOON), turn.now));
    }
    turn.tell();
  }

  void review(Turn turn) {
    if (turn.tells()) {
      channels.forEach(channel -> bound(turn, channel));
    }
    for (StateSnapshot.Trying trying : turn.state.accounts().trying()) {
      if (!trying.next().isAfter(turn.now)) {
        again(turn, trying);
      } else if (turn.tells()) {
        // All of it, for what is new must not overtake what is owed.
        hand(turn, trying.channel());
      }
    }
  }

  /** What a channel is owed beyond the bound is given up for it, and for no other. */
  private static void bound(Turn turn, String channel) {
    for (Notice notice : turn.state.accounts().excess(channel)) {
      turn.record(new Fact.NoticeGivenUp(notice.incident(), notice.number(), channel, turn.now));
    }
  }

  private static void again(Turn turn, StateSnapshot.Trying trying) {
    String channel = trying.channel();
    for (Notice notice : turn.state.accounts().owedTo(channel)) {
      if (!notice.at().plus(WORTH).isAfter(turn.now) && !isOpen(turn, notice)) {
        turn.record(new Fact.NoticeGivenUp(notice.incident(), notice.number(), channel, turn.now));
      }
    }
    if (!turn.state.accounts().owedTo(channel).isEmpty()) {
      int attempts = trying.attempts() + 1;
      turn.record(
          new Fact.NoticesTriedAgain(channel, attempts, turn.now.plus(pause(attempts)), turn.now));
      hand(turn, channel);
    }
  }

  private static boolean isOpen(Turn turn, Notice notice) {
    return turn.state
        .service(notice.service())
        .filter(service -> service.hasOpen(notice.incident()))
        .isPresent();
  }

  private static void hand(Turn turn, String channel) {
    turn.command(new Command.Notify(channel, turn.state.accounts().owedTo(channel)));
  }

  private static Duration pause(int attempts) {
    Duration pause = Accounts.SOON.multipliedBy(1L << Math.min(attempts, DOUBLINGS));
    return pause.compareTo(LATEST) > 0 ? LATEST : pause;
  }
}
