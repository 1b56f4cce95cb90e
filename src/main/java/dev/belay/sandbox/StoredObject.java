package dev.belay.sandbox;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Any object but a Deployment or what it owns, as the API server keeps it. */
final class StoredObject {
  /** What the API server finds an object by. */
  record Key(String apiVersion, String kind, String namespace, String name)
      implements Comparable<Key> {
    static Key configMap(String namespace, String name) {
      return new Key("v1", "ConfigMap", namespace, name);
    }

    @Override
    public int compareTo(Key other) {
      return toString().compareTo(other.toString());
    }
  }

  final Key key;
  final String uid;
  long resourceVersion;
  final SortedMap<String, String> labels = new TreeMap<>();
  final SortedMap<String, String> annotations = new TreeMap<>();
  final SortedMap<String, String> data = new TreeMap<>();
  boolean immutable;
  // All that is not metadata, for kinds that are looked at.
  Map<String, @Nullable Object> content = new LinkedHashMap<>();

  StoredObject(Key key, String uid) {
    this.key = key;
    this.uid = uid;
  }
}
