package dev.belay.core.engine;

import dev.belay.core.release.Announcement;
import dev.belay.core.release.ImageReference;
import dev.belay.core.release.Release;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedCollection;
import java.util.SequencedMap;
import java.util.Set;

/**
 * A service's last releases, found by their announcement, and by the image or version they name.
 */
final class KnownReleases {
  private final SequencedMap<Announcement, Release> all = new LinkedHashMap<>();
  private final Map<String, List<Announcement>> named = new HashMap<>();

  /** Remembers it as the newest, in the place of what was known by its announcement. */
  void put(Release release) {
    Announcement announcement = release.announcement();
    remove(announcement);
    all.put(announcement, release);
    names(release).forEach(name -> name(name, announcement));
  }

  void remove(Announcement announcement) {
    Release gone = all.remove(announcement);
    if (gone != null) {
      names(gone).forEach(name -> unname(name, announcement));
    }
  }

  private static Set<String> names(Release release) {
    Set<String> names = new HashSet<>();
    release.reference().map(ImageReference::keys).ifPresent(names::addAll);
    release.version().ifPresent(names::add);
    return names;
  }

  private void name(String name, Announcement announcement) {
    named.computeIfAbsent(name, _ -> new ArrayList<>(1)).add(announcement);
  }

  private void unname(String name, Announcement announcement) {
    List<Announcement> those = named.get(name);
    if (those != null) {
      those.remove(announcement);
      if (those.isEmpty()) {
        named.remove(name);
      }
    }
  }

  /** Forgets the eldest, which there must be. */
  Announcement removeEldest() {
    Announcement eldest = all.firstEntry().getKey();
    remove(eldest);
    return eldest;
  }

  Optional<Release> get(Announcement announcement) {
    return Optional.ofNullable(all.get(announcement));
  }

  /** Those that may name the image or the version that this one names, the newest last. */
  List<Release> alike(Release release) {
    Set<Announcement> alike = new HashSet<>();
    names(release).forEach(name -> alike.addAll(named.getOrDefault(name, List.of())));
    if (alike.isEmpty()) {
      return List.of();
    }
    return all.values().stream().filter(known -> alike.contains(known.announcement())).toList();
  }

  int size() {
    return all.size();
  }

  /** All, the newest last. */
  SequencedCollection<Release> values() {
    return Collections.unmodifiableSequencedCollection(all.sequencedValues());
  }
}
