package dev.belay.rules.yaml;

import java.io.PrintWriter;
import java.util.List;

/**
 * Problems as people read them: one line each, then a line that counts them.
 *
 * @param problems in the order in which they are shown
 */
public record Report(List<Problem> problems) {
  /** How many of them keep the files from being used. */
  public long errors() {
    return problems.stream().filter(Problem::isError).count();
  }

  /** How many of them do not. */
  public long warnings() {
    return problems.size() - errors();
  }

  /** Prints every problem and the summary. */
  public void print(PrintWriter out) {
    problems.forEach(out::println);
    out.println(summary());
    out.flush();
  }

  /** The last line: {@code 1 error, 2 warnings}, or {@code no problems}. */
  public String summary() {
    if (problems.isEmpty()) {
      return "no problems";
    }
    return Counted.of(errors(), "error") + ", " + Counted.of(warnings(), "warning");
  }
}
