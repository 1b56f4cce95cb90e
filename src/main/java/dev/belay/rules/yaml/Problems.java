package dev.belay.rules.yaml;

import dev.belay.rules.yaml.Problem.Severity;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Collects what is wrong, so that people see all of it at once. Not for use by many threads. */
public final class Problems {
  /** More than anybody reads; what comes later is counted but not kept. */
  static final int LIMIT = 500;

  // A set: what is read twice, such as a manifest of two services, is said once.
  private final Set<Problem> found = new LinkedHashSet<>();
  private int errors;
  private int dropped;

  /** Notes an error. */
  public void error(Spot at, String sentence) {
    errors++;
    add(at, Severity.ERROR, sentence);
  }

  /** Notes a warning. */
  public void warning(Spot at, String sentence) {
    add(at, Severity.WARNING, sentence);
  }

  private void add(Spot at, Severity severity, String sentence) {
    Problem problem = new Problem(at.file(), at.line(), at.column(), severity, sentence);
    if (found.size() < LIMIT) {
      found.add(problem);
    } else if (!found.contains(problem)) {
      dropped++;
    }
  }

  /** How many errors there are so far. */
  public int errors() {
    return errors;
  }

  /** All problems, by file, line and column. */
  public List<Problem> all() {
    List<Problem> sorted = new ArrayList<>(found);
    sorted.sort(
        Comparator.comparing(Problem::file)
            .thenComparingInt(Problem::line)
            .thenComparingInt(Problem::column));
    if (dropped > 0) {
      Problem last = sorted.getLast();
      // An error, lest dropped errors make unusable rules look usable.
      String more = "and " + dropped + " more problems; mend these first";
      sorted.add(new Problem(last.file(), 0, 0, Severity.ERROR, more));
    }
    return List.copyOf(sorted);
  }
}
