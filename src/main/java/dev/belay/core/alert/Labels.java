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

  /** Up to so many names and values, inserting in order beats building a tree. */
  private static final int INSERTION_SORT_MOST = 256;

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

  /**
   * The labels of names and values in turn, in any order, less those that are empty. Of a name
   * given twice, the last counts.
   *
   * @throws IllegalArgumentException where the last name has no value
   */
  public static Labels of(String... namesAndValues) {
    if (namesAndValues.length % 2 != 0) {
      throw new IllegalArgumentException("names and values must come in pairs");
    }
    if (namesAndValues.length > INSERTION_SORT_MOST) {
      Map<String, String> values = new TreeMap<>();
      for (int i = 0; i < namesAndValues.length; i += 2) {
        values.put(namesAndValues[i], namesAndValues[i + 1]);
      }
      return of(values);
    }
    String[] pairs = new String[namesAndValues.length];
    int used = 0;
    for (int i = 0; i < namesAndValues.length; i += 2) {
      used = insert(pairs, used, namesAndValues[i], namesAndValues[i + 1]);
    }
    return withoutEmpty(pairs, used);
  }

  private static int insert(String[] pairs, int used, String name, String value) {
    int at = used;
    int order = 1;
    while (at > 0 && (order = name.compareTo(pairs[at - 2])) < 0) {
      at -= 2;
    }
    if (at > 0 && order == 0) {
      pairs[at - 1] = value;
      return used;
    }
    System.arraycopy(pairs, at, pairs, at + 2, used - at);
    pairs[at] = name;
    pairs[at + 1] = value;
    return used + 2;
  }

  private static Labels withoutEmpty(String[] pairs, int used) {
    int kept = 0;
    for (int i = 0; i < used; i += 2) {
      if (!pairs[i + 1].isEmpty()) {
        pairs[kept] = pairs[i];
        pairs[kept + 1] = pairs[i + 1];
        kept += 2;
      }
    }
    return new Labels(kept == pairs.length ? pairs : Arrays.copyOf(pairs, kept));
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

  /** The characters of all names and values. */
  public long characters() {
    long characters = 0;
    for (String text : pairs) {
      characters += text.length();
    }
    return characters;
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
    long sum = hash;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= 0x80) {
        return addEncoded(hash, text);
      }
      sum = (sum ^ c) * FNV_PRIME;
    }
    return sum;
  }

  private static long addEncoded(long hash, String text) {
    long sum = hash;
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      sum = (sum ^ (b & 0xff)) * FNV_PRIME;
    }
    return sum;
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
