package dev.belay.rules.yaml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ProblemTest {
  private final Problems problems = new Problems();

  @Test
  void aReportIsOneLineForEachAndOneThatCounts() {
    problems.warning(new Spot("b.yml", 2, 1), "hardly means that");
    problems.error(new Spot("a.yml", 3, 4), "cannot be");
    problems.error(Spot.whole("a.yml"), "cannot be read");
    StringWriter out = new StringWriter();
    new Report(problems.all()).print(new PrintWriter(out));
    assertEquals(
        """
        a.yml: cannot be read
        a.yml:3:4: cannot be
        b.yml:2:1: warning: hardly means that
        2 errors, 1 warning
        """,
        out.toString());
    assertEquals("no problems", new Report(List.of()).summary());
  }

  @Test
  void problemsAreBoundedAndDroppedOnesStayErrors() {
    for (int i = 0; i < Problems.LIMIT + 3; i++) {
      problems.warning(new Spot("a.yml", i + 1, 1), "again");
    }
    assertEquals(Problems.LIMIT + 1, problems.all().size());
    assertTrue(problems.all().getLast().isError());
    assertTrue(problems.all().getLast().sentence().startsWith("and 3 more"));
  }

  @Test
  void foreignTextIsShortAndCannotMoveTheCursor() {
    assertEquals("\"a\\u000ab\\u001b[2J\\u202e\"", Quoted.of("a\nb\u001b[2J\u202e"));
    assertEquals(80 + "\"...\"".length(), Quoted.of("x".repeat(500)).length());
  }

  @Test
  void slipsOfThePenAreGuessed() {
    List<String> known = List.of("rollback_triggers", "match", "soak");
    assertEquals(Optional.of("rollback_triggers"), Nearest.to("rollbackTriggers", known));
    assertEquals(Optional.of("match"), Nearest.to("macth", known));
    assertEquals(Optional.empty(), Nearest.to("lease", known));
  }
}
