package dev.belay.core.engine;

import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Things by their names: one is found in the same time however many there are, and all are gone
 * through in the order of their names.
 */
final class ByName<T> {
  private final Map<String, T> found = new HashMap<>();
  private final SortedMap<String, T> ordered = new TreeMap<>();

  Optional<T> get(String name) {
    return Optional.ofNullable(found.get(name));
  }

  /** The one of that name, made where it is not there. */
  T of(String name, Function<String, T> make) {
    T known = found.get(name);
    if (known != null) {
      return known;
    }
    T made = make.apply(name);
    put(name, made);
    return made;
  }

  void put(String name, T thing) {
    found.put(name, thing);
    ordered.put(name, thing);
  }

  /** Takes it out, where it is there. */
  Optional<T> remove(String name) {
    ordered.remove(name);
    return Optional.ofNullable(found.remove(name));
  }

  SortedMap<String, T> all() {
    return Collections.unmodifiableSortedMap(ordered);
  }

  Collection<T> values() {
    return all().values();
  }
}
