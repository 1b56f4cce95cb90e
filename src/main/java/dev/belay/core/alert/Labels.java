package dev.belay.core.alert;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * An immutable set of label names and values, the identity of an alert. Labels with an empty value
 * are dropped, as Alertmanager does. Names sort by code unit, so that iteration order is defined.
 */
public final class Labels {
  /** No labels. */
  public static final Labels NONE = new Labels(new String[0]);

  // FNV-1a 64, as in prometheus/common model/signature.go.
  private static final long FNV_OFFSET = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;
  private static final int SEPARATOR = 0xff;

  private final String[] pairs;
  private final long fingerprint;

  private Labels(String[] pairs) {
    this.pairs = pairs;
    this.fingerprint = fingerprint(pairs);
  }

  /** The labels of {@code values}, less those that are empty. */
  public static Labels of(Map<String, String> values) {
    String[] names = values.keySet().toArray(String[]::new);
    Arrays.sort(names);
    String[] pairs = new String[names.length * 2];
    int used = 0;
    for (String name : names) {
      String value = values.getOrDefault(name, "");
      if (!value.isEmpty()) {
        pairs[used++] = name;
        pairs[used++] = value;
      }
    }
    return new Labels(used == pairs.length ? pairs : Arrays.copyOf(pairs, used));
  }

  /** The value of the label, or empty where it is absent. */
  public Optional<String> get(String name) {
    for (int i = 0; i < pairs.length; i += 2) {
      if (pairs[i].equals(name)) {
        return Optional.of(pairs[i + 1]);
      }
    }
    return Optional.empty();
  }

  /** The value of the label {@code alertname}, or {@code "(unnamed)"}. */
  public String alertName() {
    return get("alertname").orElse("(unnamed)");
  }

  /** Calls {@code each} with every name and value, in order of the names. */
  public void forEach(BiConsumer<String, String> each) {
    for (int i = 0; i < pairs.length; i += 2) {
      each.accept(pairs[i], pairs[i + 1]);
    }
  }

  /** How many labels there are. */
  public int size() {
    return pairs.length / 2;
  }

  /** A copy as a map, in order of the names. */
  public SortedMap<String, String> toMap() {
    SortedMap<String, String> map = new TreeMap<>();
    forEach(map::put);
    return map;
  }

  /**
   * Alertmanager's fingerprint of these labels. For display and look-up; equality compares the
   * labels themselves.
   */
  public Fingerprint fingerprint() {
    return new Fingerprint(fingerprint);
  }

  private static long fingerprint(String[] pairs) {
    long hash = FNV_OFFSET;
    for (String text : pairs) {
      hash = add(hash, text);
      hash = (hash ^ SEPARATOR) * FNV_PRIME;
    }
    return hash;
  }

  private static long add(long hash, String text) {
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xff)) * FNV_PRIME;
    }
    return hash;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Labels labels
        && fingerprint == labels.fingerprint
        && Arrays.equals(pairs, labels.pairs);
  }

  @Override
  public int hashCode() {
    return Long.hashCode(fingerprint);
  }

  @Override
  public String toString() {
    return toMap().toString();
  }
}
