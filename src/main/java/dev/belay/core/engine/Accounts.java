package dev.belay.core.engine;

import dev.belay.core.incident.Notice;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What each channel to people has yet to take, and when it is handed that again. Read by deciders,
 * changed only by {@link State#apply}.
 */
final class Accounts {
  /** So many notices a channel is owed at most, lest one that is away for long fill the memory. */
  static final int KEPT = 1_000;

  /** A channel that has taken nothing for so long is handed it again. */
  static final Duration SOON = Duration.ofSeconds(2);

  private List<String> channels = List.of();
  private List<String> later = List.of();
  private final SequencedMap<Notice.Key, Owed> owed = new LinkedHashMap<>();

  /** For each channel that has something yet to take. */
  private final SortedMap<String, StateSnapshot.Trying> trying = new TreeMap<>();

  void restore(StateSnapshot.Telling snapshot) {
    channels = snapshot.channels();
    later = snapshot.later();
    snapshot.owed().forEach(debt -> owed.put(debt.notice().key(), debt));
    snapshot.trying().forEach(each -> trying.put(each.channel(), each));
  }

  StateSnapshot.Telling snapshot() {
    return new StateSnapshot.Telling(
        channels, later, List.copyOf(owed.values()), List.copyOf(trying.values()));
  }

  List<String> channels() {
    return channels;
  }

  /** Those that are told of an incident only once it is escalated to them. */
  List<String> later() {
    return later;
  }

  /** The oldest first. */
  Collection<Owed> owed() {
    return Collections.unmodifiableCollection(owed.values());
  }

  /** What the channel has yet to take, the oldest first. */
  List<Notice> owedTo(String channel) {
    return owed.values().stream()
        .filter(debt -> debt.to().contains(channel))
        .map(Owed::notice)
        .toList();
  }

  /**
   * What the channel is owed above {@link #KEPT}, in the order in which it is missed least: what a
   * later notice of the same incident says anew, then whatever calls nobody, then pages; of each
   * the oldest first.
   */
  List<Notice> excess(String channel) {
    List<Notice> all = owedTo(channel);
    if (all.size() <= KEPT) {
      return List.of();
    }
    Map<String, Integer> newest = new HashMap<>();
    all.forEach(notice -> newest.merge(notice.incident(), notice.number(), Math::max));
    return all.stream()
        .sorted(
            Comparator.comparing((Notice notice) -> notice.kind() == Notice.Kind.PAGE)
                .thenComparing(
                    notice ->
                        !notice.kind().passing()
                            || notice.number() >= newest.getOrDefault(notice.incident(), 0)))
        .limit(all.size() - KEPT)
        .toList();
  }

  /** Whether the channel may take the notice. */
  boolean owes(String incident, int number, String channel) {
    Owed debt = owed.get(new Notice.Key(incident, number));
    return debt != null && (debt.to().isEmpty() || debt.to().contains(channel));
  }

  /** The channels that have something yet to take, by name. */
  List<StateSnapshot.Trying> trying() {
    return List.copyOf(trying.values());
  }

  /** When a channel is next handed again what it has yet to take. */
  Optional<Instant> next() {
    return trying.values().stream().map(StateSnapshot.Trying::next).min(Instant::compareTo);
  }

  void named(List<String> names, List<String> laterOnes, Instant at) {
    channels = names;
    later = laterOnes;
    owed.replaceAll((_, debt) -> debt.among(names));
    owed.values().removeIf(debt -> debt.taken() && debt.to().isEmpty());
    trying.clear();
    names.forEach(channel -> expect(channel, at));
  }

  /**
   * People are to be told.
   *
   * @param called the later channels that are told of it too
   */
  void made(Notice notice, List<String> called) {
    List<String> now =
        channels.stream()
            .filter(channel -> !later.contains(channel) || called.contains(channel))
            .toList();
    // What concerns everything waits for no incident; and nothing is told nobody.
    owe(notice, notice.service().isEmpty() || now.isEmpty() ? channels : now);
  }

  /** Programs are to be told, where people are left in peace. */
  void madeForPrograms(Notice notice) {
    owe(notice, List.of(State.PROGRAMS));
  }

  /** Whether programs are told, and at once. */
  boolean tellsPrograms() {
    return channels.contains(State.PROGRAMS) && !later.contains(State.PROGRAMS);
  }

  private void owe(Notice notice, List<String> to) {
    owed.put(notice.key(), new Owed(notice, to, false));
    to.forEach(channel -> expect(channel, notice.at()));
  }

  private void expect(String channel, Instant at) {
    if (!trying.containsKey(channel) && owesAny(channel)) {
      trying.put(channel, new StateSnapshot.Trying(channel, 0, at.plus(SOON)));
    }
  }

  private boolean owesAny(String channel) {
    return owed.values().stream().anyMatch(debt -> debt.to().contains(channel));
  }

  void sent(Fact.NoticeSent fact) {
    settle(new Notice.Key(fact.incident(), fact.number()), fact.channel(), true);
    if (trying.remove(fact.channel()) != null) {
      expect(fact.channel(), fact.at());
    }
  }

  void givenUp(Fact.NoticeGivenUp fact) {
    settle(new Notice.Key(fact.incident(), fact.number()), fact.channel(), false);
    trying.keySet().removeIf(channel -> !owesAny(channel));
  }

  private void settle(Notice.Key key, String channel, boolean took) {
    owed.computeIfPresent(key, (_, debt) -> debt.without(channel, took));
    owed.computeIfPresent(key, (_, debt) -> debt.to().isEmpty() ? null : debt);
  }

  void tried(Fact.NoticesTriedAgain fact) {
    trying.put(
        fact.channel(), new StateSnapshot.Trying(fact.channel(), fact.attempts(), fact.next()));
  }
}
