package dev.belay.core.engine;

import dev.belay.core.alert.Episode;
import dev.belay.core.alert.Labels;
import dev.belay.core.rule.Condition;
import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The alerts of one service that fire, arranged so that no question goes through all of them: in a
 * storm there are thousands, and each of them asks. Everything here follows from the episodes and
 * the order of their arrival, so that it is the same after a replay and out of a snapshot.
 */
final class Firing {
  private record Entry(long number, Episode episode) {}

  /** A sign of trouble and the order of its arrival, the earliest first. */
  private record Onset(Trouble.Symptom symptom, long number) implements Comparable<Onset> {
    private static final Comparator<Onset> ORDER =
        Comparator.comparing((Onset onset) -> onset.symptom.since())
            .thenComparingLong(Onset::number);

    @Override
    public int compareTo(Onset other) {
      return ORDER.compare(this, other);
    }
  }

  private long arrivals;
  private final Map<Labels, Entry> entries = new LinkedHashMap<>();

  /** For each name, its alerts in order of arrival; and the names in the order of their first. */
  private final Map<String, SequencedSet<Long>> byName = new HashMap<>();

  private final SortedMap<Long, String> names = new TreeMap<>();

  /** For each condition that was ever asked for, which alerts meet it. */
  private final Map<Condition.AlertMatches, Set<Labels>> meeting = new HashMap<>();

  /** By the rules that {@link #holds} stands for. */
  private final NavigableSet<Onset> onsets = new TreeSet<>();

  private @Nullable ServiceIndex holds;

  void put(Episode episode) {
    Entry is = new Entry(arrivals, episode);
    Entry was = entries.put(episode.labels(), is);
    if (was == null) {
      arrivals++;
      name(is);
      meeting.forEach((condition, met) -> meet(condition, met, episode.labels()));
    } else {
      is = new Entry(was.number, episode);
      entries.put(episode.labels(), is);
      if (holds != null) {
        onsets.remove(onset(was, holds));
      }
    }
    if (holds != null) {
      onsets.add(onset(is, holds));
    }
  }

  void remove(Labels labels) {
    Entry was = entries.remove(labels);
    if (was != null) {
      unname(was);
      meeting.values().forEach(met -> met.remove(labels));
      if (holds != null) {
        onsets.remove(onset(was, holds));
      }
    }
  }

  private void name(Entry entry) {
    String name = entry.episode.labels().alertName();
    SequencedSet<Long> numbers = byName.computeIfAbsent(name, _ -> new LinkedHashSet<>());
    if (numbers.isEmpty()) {
      names.put(entry.number, name);
    }
    numbers.add(entry.number);
  }

  private void unname(Entry entry) {
    String name = entry.episode.labels().alertName();
    SequencedSet<Long> numbers = byName.getOrDefault(name, new LinkedHashSet<>());
    boolean first = numbers.getFirst() == entry.number;
    numbers.remove(entry.number);
    if (first) {
      names.remove(entry.number);
      if (numbers.isEmpty()) {
        byName.remove(name);
      } else {
        names.put(numbers.getFirst(), name);
      }
    }
  }

  private static void meet(Condition.AlertMatches condition, Set<Labels> met, Labels labels) {
    if (condition.matches(labels)) {
      met.add(labels);
    }
  }

  private static Onset onset(Entry entry, ServiceIndex index) {
    String name = entry.episode.labels().alertName();
    Instant since = entry.episode.troubledSince();
    return new Onset(
        new Trouble.Symptom(
            name, since.minus(index.holdOf(name)), since.isBefore(entry.episode.startsAt())),
        entry.number);
  }

  boolean isEmpty() {
    return entries.isEmpty();
  }

  /** In order of arrival. */
  Set<Labels> labels() {
    return Collections.unmodifiableSet(entries.keySet());
  }

  /** Whether any of them meets the condition. */
  boolean any(Condition.AlertMatches condition) {
    Set<Labels> met = meeting.get(condition);
    if (met == null) {
      met = new HashSet<>();
      for (Labels labels : entries.keySet()) {
        meet(condition, met, labels);
      }
      meeting.put(condition, met);
    }
    return !met.isEmpty();
  }

  /** So many of their names, each once, in order of arrival. */
  List<String> names(int atMost) {
    return names.values().stream().limit(atMost).toList();
  }

  /** How many names they have. */
  int nameCount() {
    return names.size();
  }

  boolean has(String name) {
    return byName.containsKey(name);
  }

  /** The earliest beginning, with Prometheus's {@code for} taken off. */
  Optional<Trouble.Symptom> earliest(ServiceIndex index) {
    NavigableSet<Onset> known = onsets(index);
    return known.isEmpty() ? Optional.empty() : Optional.of(known.first().symptom());
  }

  /** So many of those that began before then, the earliest first. */
  List<Trouble.Symptom> before(ServiceIndex index, Instant then, int atMost) {
    return some(onsets(index).headSet(bound(then), false), atMost);
  }

  /** So many of those that began then or later, the earliest first. */
  List<Trouble.Symptom> from(ServiceIndex index, Instant then, int atMost) {
    return some(onsets(index).tailSet(bound(then), true), atMost);
  }

  private static Onset bound(Instant then) {
    return new Onset(new Trouble.Symptom("", then, false), -1);
  }

  private static List<Trouble.Symptom> some(NavigableSet<Onset> from, int atMost) {
    return from.stream().limit(atMost).map(Onset::symptom).toList();
  }

  private NavigableSet<Onset> onsets(ServiceIndex index) {
    if (holds != index) {
      onsets.clear();
      entries.values().forEach(entry -> onsets.add(onset(entry, index)));
      holds = index;
    }
    return onsets;
  }
}
