package dev.belay.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.core.engine.Fact;
import dev.belay.core.incident.Reason;
import dev.belay.port.Journal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class PastDecisionsTest {
  private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");

  private final List<Journal.Entry> entries = new ArrayList<>();
  private int read;

  private static Fact.Decided decision(String subject, boolean act, Instant at) {
    return new Fact.Decided("covet", subject, "", act, Reason.NO_REMEDIATION, List.of(), at);
  }

  private void decided(Instant at, String... subjects) {
    List<Fact> facts = new ArrayList<>();
    for (String subject : subjects) {
      facts.add(decision(subject, false, at));
    }
    entries.add(new Journal.Entry(at, facts));
  }

  private PastDecisions.Page before(Instant moment, int limit) {
    return before(moment, limit, _ -> true);
  }

  private PastDecisions.Page before(Instant moment, int limit, Predicate<Fact.Decided> asked) {
    return PastDecisions.before(
        (from, to, each) ->
            entries.stream()
                .filter(entry -> !entry.at().isBefore(from) && entry.at().isBefore(to))
                .forEach(
                    entry -> {
                      read += entry.facts().size();
                      each.accept(entry);
                    }),
        moment,
        limit,
        asked);
  }

  private List<String> everything(int limit) {
    List<String> subjects = new ArrayList<>();
    Optional<Instant> next = Optional.of(NOW);
    while (next.isPresent()) {
      PastDecisions.Page page = before(next.get(), limit);
      page.decisions().forEach(decided -> subjects.add(decided.subject()));
      next = page.next();
    }
    return subjects;
  }

  @Test
  void pagesHoldEveryDecisionOnceTheNewestFirst() {
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      decided(NOW.minus(Duration.ofMinutes(500 - i)), "s" + i);
      expected.addFirst("s" + i);
    }
    for (int limit : new int[] {1, 7, 499, 500, 1_000}) {
      assertEquals(expected, everything(limit), "limit " + limit);
    }
  }

  @Test
  void whatWasDecidedAtOneMomentStaysOnOnePage() {
    decided(NOW.minusSeconds(3), "a");
    decided(NOW.minusSeconds(2), "b", "c", "d", "e", "f", "g");
    decided(NOW.minusSeconds(1), "h");
    PastDecisions.Page page = before(NOW, 2);
    assertEquals(7, page.decisions().size());
    assertEquals(List.of("h", "g", "f", "e", "d", "c", "b", "a"), everything(2));
    assertEquals(List.of("h", "g", "f", "e", "d", "c", "b", "a"), everything(1));
  }

  @Test
  void aPageCostsWhatLiesNearIt() {
    for (int i = 0; i < 10_000; i++) {
      decided(NOW.minus(Duration.ofMinutes(10_000 - i)), "s" + i);
    }
    assertEquals(20, before(NOW, 20).decisions().size());
    assertTrue(read <= 60, "it read " + read);
  }

  @Test
  void aPageCostsNoMoreWhereAHundredThousandWereDecidedInAnHour() {
    aHundredThousandInAnHour();
    assertEquals(50, before(NOW, 50).decisions().size());
    assertTrue(read <= 2_000, "it read " + read);
  }

  @Test
  void whatIsSeldomIsLookedForPageByPageAndFound() {
    aHundredThousandInAnHour();
    List<String> found = new ArrayList<>();
    Optional<Instant> next = Optional.of(NOW);
    while (next.isPresent()) {
      read = 0;
      PastDecisions.Page page =
          before(next.get(), 50, decided -> decided.subject().endsWith("0007"));
      page.decisions().forEach(decided -> found.add(decided.subject()));
      assertTrue(read <= 14_000, "it read " + read);
      next = page.next();
    }
    assertEquals(
        List.of(
            "s90007", "s80007", "s70007", "s60007", "s50007", "s40007", "s30007", "s20007",
            "s10007", "s0007"),
        found);
  }

  @Test
  void whatIsNoDecisionCountsTooForWhatAPageCosts() {
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 100_000; i++) {
      Instant at = NOW.minus(Duration.ofMillis(36L * (100_000 - i)));
      entries.add(
          new Journal.Entry(at, List.of(new Fact.RuleMoved("r", at, true, List.of(), List.of()))));
      if (i % 9_000 == 0) {
        decided(at, "s" + i);
        expected.addFirst("s" + i);
      }
    }
    assertEquals(expected, pagesThatCostAtMost(20_000));
  }

  @Test
  void amidstAQuietTimeAMomentInWhichMuchHappenedIsReadInParts() {
    for (int i = 0; i < 100_000; i++) {
      Instant at = NOW.minus(Duration.ofDays(2)).minusMillis(i);
      entries.addFirst(
          new Journal.Entry(at, List.of(new Fact.RuleMoved("r", at, true, List.of(), List.of()))));
    }
    entries.addFirst(
        new Journal.Entry(
            NOW.minus(Duration.ofDays(3)),
            List.of(decision("s", false, NOW.minus(Duration.ofDays(3))))));
    assertEquals(List.of("s"), pagesThatCostAtMost(30_000));
  }

  private List<String> pagesThatCostAtMost(int facts) {
    List<String> found = new ArrayList<>();
    Optional<Instant> next = Optional.of(NOW);
    while (next.isPresent()) {
      read = 0;
      PastDecisions.Page page = before(next.get(), 50);
      page.decisions().forEach(decided -> found.add(decided.subject()));
      assertTrue(read <= facts, "it read " + read);
      next = page.next();
    }
    return found;
  }

  private void aHundredThousandInAnHour() {
    for (int i = 0; i < 100_000; i++) {
      decided(NOW.minus(Duration.ofMillis(36L * (100_000 - i))), i == 7 ? "s0007" : "s" + i);
    }
  }

  @Test
  void theRememberedOnesLeadOnIntoTheJournal() {
    List<Fact.Decided> remembered =
        List.of(decision("a", true, NOW.minusSeconds(2)), decision("b", false, NOW));
    PastDecisions.Page page =
        PastDecisions.remembered(remembered, false, 10, decided -> decided.act());
    assertEquals(List.of("a"), page.decisions().stream().map(Fact.Decided::subject).toList());
    assertEquals(Optional.of(NOW.minusSeconds(2)), page.next());
    assertEquals(
        Optional.of(NOW), PastDecisions.remembered(remembered, false, 1, _ -> true).next());
    assertEquals(
        Optional.empty(), PastDecisions.remembered(List.of(), false, 10, _ -> true).next());
  }

  @Test
  void nothingOlderIsPromisedWhereAllIsRemembered() {
    List<Fact.Decided> remembered =
        List.of(decision("one", false, NOW.minusSeconds(1)), decision("two", false, NOW));
    assertEquals(Optional.empty(), PastDecisions.remembered(remembered, true, 2, _ -> true).next());
    assertEquals(Optional.of(NOW), PastDecisions.remembered(remembered, true, 1, _ -> true).next());
  }
}
