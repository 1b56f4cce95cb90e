package dev.belay.rules.yaml;

import dev.belay.rules.yaml.Yaml.Entry;
import dev.belay.rules.yaml.Yaml.Kind;
import dev.belay.rules.yaml.Yaml.Mapping;
import dev.belay.rules.yaml.Yaml.Scalar;
import dev.belay.rules.yaml.Yaml.Sequence;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A mapping whose keys are known beforehand. Whatever is wrong becomes a problem; every accessor
 * then answers empty, so that reading goes on and finds the rest.
 */
public final class Fields {
  private final Spot at;
  private final Map<String, Entry> entries;
  private final Problems problems;

  private Fields(Spot at, Map<String, Entry> entries, Problems problems) {
    this.at = at;
    this.entries = entries;
    this.problems = problems;
  }

  /**
   * Opens a mapping; every key that is not known is a problem. One that is a slip of the pen away
   * from a key that is absent is read as that, so that what is wrong with its value is said too.
   *
   * @param what what the mapping is, for messages: {@code a remediation}
   * @param known the keys, in the order in which messages list them
   * @return empty where the node is no mapping
   */
  public static Optional<Fields> of(Yaml node, String what, Problems problems, List<String> known) {
    if (!(node instanceof Mapping mapping)) {
      problems.error(
          node.at(),
          what + " must be a mapping with " + String.join(", ", known) + ", not " + node.what());
      return Optional.empty();
    }
    Map<String, Entry> entries = new LinkedHashMap<>();
    Map<String, Entry> misspelt = new LinkedHashMap<>();
    for (Entry entry : mapping.entries()) {
      if (known.contains(entry.key())) {
        entries.put(entry.key(), entry);
      } else {
        String hint = Nearest.hint(entry.key(), known);
        problems.error(entry.at(), "unknown key " + Quoted.of(entry.key()) + " in " + what + hint);
        Nearest.to(entry.key(), known).ifPresent(meant -> misspelt.putIfAbsent(meant, entry));
      }
    }
    misspelt.forEach(entries::putIfAbsent);
    return Optional.of(new Fields(mapping.at(), entries, problems));
  }

  /** Where the mapping begins. */
  public Spot at() {
    return at;
  }

  /** Where the key stands, or the mapping where it is absent. */
  public Spot at(String key) {
    Entry entry = entries.get(key);
    return entry == null ? at : entry.at();
  }

  /** Where the one key stands, or the other that says the same in another way. */
  public Spot at(String key, String otherwise) {
    return at(has(key) ? key : otherwise);
  }

  /** Whether the key is written, with a good value or a bad one. */
  public boolean has(String key) {
    return entries.containsKey(key);
  }

  /** Makes a problem of an absent key; {@code remedy} ends the sentence. */
  public boolean require(String key, String remedy) {
    if (!has(key)) {
      problems.error(at, "the key \"" + key + "\" is missing; " + remedy);
    }
    return has(key);
  }

  /** The value as it is. */
  public Optional<Yaml> node(String key) {
    return Optional.ofNullable(entries.get(key)).map(Entry::value);
  }

  /** A text that is not empty. */
  public Optional<String> text(String key) {
    return read(key, text -> text);
  }

  /** A text that is not empty, made into something. */
  public <T> Optional<T> read(String key, Reading<T> reading) {
    return node(key).flatMap(node -> read(node, quoted(key), problems, reading));
  }

  /** A text that is not empty, made into something; {@code what} begins the sentence if not. */
  public static <T> Optional<T> read(
      Yaml node, String what, Problems problems, Reading<T> reading) {
    if (!(node instanceof Scalar scalar)) {
      problems.error(node.at(), what + " must be a text, not " + node.what());
      return Optional.empty();
    }
    return switch (scalar.kind()) {
      case TEXT, EXPANDED -> {
        if (scalar.text().isBlank()) {
          problems.error(scalar.at(), what + " is empty; write a value or leave the key out");
          yield Optional.empty();
        }
        yield made(scalar, what, problems, reading);
      }
      case WHOLE, REAL, TRUTH -> {
        // Quotes do not help what is wrong with quotes too.
        if (made(scalar, what, problems, reading).isPresent()) {
          problems.error(
              scalar.at(), what + " must be a text, not " + scalar.what() + "; put it in quotes");
        }
        yield Optional.empty();
      }
      case NOTHING -> {
        problems.error(scalar.at(), what + " is empty; write a value or leave the key out");
        yield Optional.empty();
      }
    };
  }

  /** Any scalar's text as written, numbers and truth values too, made into something. */
  public <T> Optional<T> readAny(String key, Reading<T> reading) {
    return node(key)
        .flatMap(
            node -> {
              if (node instanceof Scalar scalar && scalar.kind() != Kind.NOTHING) {
                return made(scalar, quoted(key), problems, reading);
              }
              problems.error(node.at(), quoted(key) + " must be a text, not " + node.what());
              return Optional.empty();
            });
  }

  private static <T> Optional<T> made(
      Scalar scalar, String what, Problems problems, Reading<T> reading) {
    try {
      return Optional.of(reading.read(scalar.text()));
    } catch (Unreadable e) {
      problems.error(scalar.at(), what + ": " + e.sentence());
      return Optional.empty();
    }
  }

  /** A whole number from {@code least} to {@code most}. */
  public Optional<Integer> whole(String key, int least, int most) {
    return node(key)
        .flatMap(
            node -> {
              if (node instanceof Scalar scalar
                  && (scalar.kind() == Kind.WHOLE || scalar.kind() == Kind.EXPANDED)
                  && scalar.text().matches("[0-9]{1,9}")
                  && Integer.parseInt(scalar.text()) >= least
                  && Integer.parseInt(scalar.text()) <= most) {
                return Optional.of(Integer.valueOf(scalar.text()));
              }
              String range = least + " to " + most;
              problems.error(node.at(), quoted(key) + " must be a whole number from " + range);
              return Optional.empty();
            });
  }

  /** True or false. */
  public Optional<Boolean> truth(String key) {
    return node(key)
        .flatMap(
            node -> {
              if (node instanceof Scalar(Spot _, String text, Kind kind)
                  && (kind == Kind.TRUTH || kind == Kind.EXPANDED)
                  && (text.equals("true") || text.equals("false"))) {
                return Optional.of(Boolean.valueOf(text));
              }
              problems.error(node.at(), quoted(key) + " must be true or false");
              return Optional.empty();
            });
  }

  /** A mapping within this one. */
  public Optional<Fields> fields(String key, List<String> known) {
    return node(key).flatMap(node -> of(node, quoted(key), problems, known));
  }

  /** The items of a list; none where the key is absent. */
  public List<Yaml> items(String key) {
    Yaml node = node(key).orElse(null);
    if (node == null) {
      return List.of();
    }
    if (node instanceof Sequence sequence) {
      return sequence.items();
    }
    problems.error(node.at(), quoted(key) + " must be a list, not " + node.what());
    return List.of();
  }

  /** The entries of a mapping with keys of people's own; none where the key is absent. */
  public List<Entry> entries(String key) {
    Yaml node = node(key).orElse(null);
    if (node == null) {
      return List.of();
    }
    if (node instanceof Mapping mapping) {
      return mapping.entries();
    }
    problems.error(node.at(), quoted(key) + " must be a mapping, not " + node.what());
    return List.of();
  }

  /** A mapping of texts with keys of people's own; numbers and truth values count as written. */
  public SortedMap<String, String> texts(String key) {
    SortedMap<String, String> texts = new TreeMap<>();
    for (Entry entry : entries(key)) {
      if (entry.value() instanceof Scalar scalar && scalar.kind() != Kind.NOTHING) {
        texts.put(entry.key(), scalar.text());
      } else {
        problems.error(
            entry.value().at(),
            Quoted.of(entry.key()) + " must be a text, not " + entry.value().what());
      }
    }
    return texts;
  }

  private static String quoted(String key) {
    return '"' + key + '"';
  }
}
