package dev.belay.rules.yaml;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** Guesses what somebody meant to write. */
public final class Nearest {
  private Nearest() {}

  /** The known word that {@code written} is a slip of the pen away from, if any. */
  public static Optional<String> to(String written, Collection<String> known) {
    String wanted = plain(written);
    int best = 1 + Math.min(3, wanted.length() / 3);
    String found = "";
    for (String word : known) {
      int distance = distance(wanted, plain(word), best);
      if (distance < best) {
        best = distance;
        found = word;
      }
    }
    return found.isEmpty() ? Optional.empty() : Optional.of(found);
  }

  /** The end of a sentence about a wrong word: the guess, or all that is known. */
  public static String hint(String written, Collection<String> known) {
    return to(written, known)
        .map(word -> "; did you mean \"" + word + "\"?")
        .orElseGet(() -> "; known here: " + String.join(", ", known));
  }

  /** So that {@code rollbackTriggers} and {@code rollback-triggers} are near to each other. */
  private static String plain(String word) {
    return word.toLowerCase(Locale.ROOT).replace("_", "").replace("-", "");
  }

  /** Levenshtein's distance with swaps of neighbours, or {@code limit} where it is not less. */
  private static int distance(String from, String to, int limit) {
    if (Math.abs(from.length() - to.length()) >= limit) {
      return limit;
    }
    int[][] cost = new int[from.length() + 1][to.length() + 1];
    for (int i = 0; i <= from.length(); i++) {
      for (int j = 0; j <= to.length(); j++) {
        cost[i][j] = i == 0 || j == 0 ? i + j : step(from, to, cost, i, j);
      }
    }
    return Math.min(limit, cost[from.length()][to.length()]);
  }

  private static int step(String from, String to, int[][] cost, int i, int j) {
    int change = from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1;
    int least = Math.min(cost[i - 1][j - 1] + change, 1 + Math.min(cost[i - 1][j], cost[i][j - 1]));
    boolean swapped =
        i > 1
            && j > 1
            && from.charAt(i - 1) == to.charAt(j - 2)
            && from.charAt(i - 2) == to.charAt(j - 1);
    return swapped ? Math.min(least, cost[i - 2][j - 2] + 1) : least;
  }
}
