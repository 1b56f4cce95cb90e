package dev.belay.core.access;

import java.util.Locale;

/**
 * The plural by which the API server has a kind. Only the server knows it for certain; this is the
 * rule by which Kubernetes's own tools guess, which every kind of Kubernetes, Istio and Gateway API
 * keeps to.
 */
final class Plural {
  private Plural() {}

  static String of(String kind) {
    String word = kind.toLowerCase(Locale.ROOT);
    if (word.equals("endpoints")) {
      return word;
    }
    if (word.matches(".*(s|x|z|ch|sh)")) {
      return word + "es";
    }
    return word.matches(".*[^aeiou]y") ? word.substring(0, word.length() - 1) + "ies" : word + "s";
  }
}
