package dev.belay.rules.yaml;

import java.util.List;

/** A YAML document as a tree in which every node knows its place. Aliases are already followed. */
public sealed interface Yaml {
  /** Where it begins. */
  Spot at();

  /** What a scalar is, by YAML 1.2's core schema. */
  enum Kind {
    TEXT,
    WHOLE,
    REAL,
    TRUTH,
    NOTHING,
    /** Came from the environment, where everything is text; it is whatever is asked for. */
    EXPANDED
  }

  /** A text, a number, a truth value, or nothing; always with its text as written. */
  record Scalar(Spot at, String text, Kind kind) implements Yaml {}

  /** A list. */
  record Sequence(Spot at, List<Yaml> items) implements Yaml {}

  /** Keys and values in the order in which they are written; no key twice. */
  record Mapping(Spot at, List<Entry> entries) implements Yaml {}

  /**
   * A key and its value.
   *
   * @param at where the key begins
   */
  record Entry(Spot at, String key, Yaml value) {}

  /** What the node is, for messages. */
  default String what() {
    return switch (this) {
      case Sequence _ -> "a list";
      case Mapping _ -> "a mapping";
      case Scalar scalar ->
          switch (scalar.kind()) {
            case TEXT, EXPANDED -> "a text";
            case WHOLE, REAL -> "a number";
            case TRUTH -> "true or false";
            case NOTHING -> "empty";
          };
    };
  }
}
