package dev.belay.core.engine;

import dev.belay.core.release.Announcement;
import dev.belay.core.release.Release;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedCollection;
import java.util.SequencedMap;

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
    release.image().ifPresent(image -> name(image, announcement));
    release.version().ifPresent(version -> name(version, announcement));
  }

  void remove(Announcement announcement) {
    Release gone = all.remove(announcement);
    if (gone != null) {
      gone.image().ifPresent(image -> unname(image, announcement));
      gone.version().ifPresent(version -> unname(version, announcement));
    }
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

  /** Those that name the image or the version that this one names, the newest last. */
  List<Release> alike(Release release) {
    List<Announcement> image = release.image().map(this::naming).orElse(List.of());
    List<Announcement> version = release.version().map(this::naming).orElse(List.of());
    if (image.isEmpty() && version.isEmpty()) {
      return List.of();
    }
    return all.values().stream()
        .filter(
            known -> image.contains(known.announcement()) || version.contains(known.announcement()))
        .toList();
  }

  private List<Announcement> naming(String name) {
    return named.getOrDefault(name, List.of());
  }

  int size() {
    return all.size();
  }

  /** All, the newest last. */
  SequencedCollection<Release> values() {
    return Collections.unmodifiableSequencedCollection(all.sequencedValues());
  }
}
