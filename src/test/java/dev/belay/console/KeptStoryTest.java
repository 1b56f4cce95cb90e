package dev.belay.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.core.engine.Fact;
import dev.belay.port.Journal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class KeptStoryTest {
  private static final Instant FROM = FakeEngine.START;
  private static final Instant TO = FROM.plus(Duration.ofDays(1));

  private final FakeEngine engine = new FakeEngine();
  private final KeptStory story = new KeptStory("covet-1", FROM);

  private void happened() {
    engine.badRelease().obey().pass(Duration.ofSeconds(30)).obey().pass(Duration.ofMinutes(5));
  }

  private static List<Story.Line> lines(KeptStory story, List<Journal.Entry> entries) {
    return story.tell(past(entries), TO, TO, Story::lines);
  }

  private static Past past(List<Journal.Entry> entries) {
    return (from, to, each) ->
        entries.stream().filter(entry -> !entry.at().isBefore(from)).forEach(each);
  }

  @Test
  void itIsTheSameStoryHoweverOftenItWasReadOn() {
    happened();
    List<Journal.Entry> durable = new ArrayList<>();
    for (Journal.Entry entry : engine.entries) {
      durable.add(entry);
      assertEquals(Story.of("covet-1", durable), lines(story, durable));
      assertEquals(Story.of("covet-1", durable), lines(story, durable));
    }
    assertFalse(lines(story, durable).isEmpty());
  }

  @Test
  void itIsTheSameStoryWhereTheClockWasPutBackBetweenTwoRuns() {
    happened();
    List<Journal.Entry> durable = new ArrayList<>();
    for (int i = 0; i < engine.entries.size(); i++) {
      Journal.Entry entry = engine.entries.get(i);
      Duration back = i < engine.entries.size() - 5 ? Duration.ofHours(1) : Duration.ZERO;
      durable.add(new Journal.Entry(entry.at().plus(back), entry.facts()));
      if (back.isZero()) {
        assertEquals(Story.of("covet-1", durable), lines(story, durable));
      }
    }
  }

  @Test
  void onlyWhatIsNewIsReadAgain() {
    happened();
    story.tell(engine::history, TO, TO, Story::lines);
    engine.read();
    Instant last = engine.entries.getLast().at();
    engine.pass(Duration.ofHours(2));
    engine.release("rel-43", "covet");
    story.tell(engine::history, TO, TO, Story::lines);
    assertEquals(
        engine.entries.stream().map(Journal.Entry::at).filter(at -> !at.isBefore(last)).toList(),
        engine.read());
  }

  @Test
  void aReadingThatBrokeOffIsGoneOnWith() {
    happened();
    List<Journal.Entry> entries = engine.entries;
    Past breaking =
        (from, to, each) -> past(entries).read(from, to, new Breaking(each, entries.size() / 2));
    assertThrows(Refusal.class, () -> story.tell(breaking, TO, TO, Story::lines));
    assertEquals(Story.of("covet-1", entries), lines(story, entries));
  }

  @Test
  void itIsReadOnUntilNoMitigationIsInForceButNotWithoutEnd() {
    Instant over = mitigated();
    engine.pass(Duration.ofHours(3)).obey();
    Instant restored = engine.entries.getLast().at();
    assertFalse(restored(over, restored));
    assertTrue(restored(over, restored.plusSeconds(1)));
    engine.read();
    engine.release("rel-43", "covet").pass(Duration.ofHours(3)).release("rel-44", "covet");
    assertTrue(restored(over, engine.clock().instant().plusSeconds(1)));
    assertTrue(
        engine.read().stream().allMatch(at -> at.isBefore(over)),
        "what is after the end is of no use");
  }

  private boolean restored(Instant to, Instant atMost) {
    Past past =
        (from, end, each) ->
            engine.history(
                from,
                end,
                entry -> {
                  if (entry.at().isBefore(end)) {
                    each.accept(entry);
                  }
                });
    return story.tell(past, to, atMost, Story::sentences).stream()
        .anyMatch(sentence -> sentence.told().fact() instanceof Fact.LeaseEnded);
  }

  @Test
  void whatIsOutOfOrderInTimeIsToldOnceAndInTheJournalsOrder() {
    happened();
    int run = engine.entries.size() - 8;
    List<Journal.Entry> entries = new ArrayList<>();
    for (int i = 0; i < engine.entries.size(); i++) {
      Journal.Entry entry = engine.entries.get(i);
      Duration back = i < run && i % 2 == 0 ? Duration.ofMinutes(40) : Duration.ZERO;
      entries.add(new Journal.Entry(entry.at().plus(back), entry.facts()));
    }
    for (int minutes = 0; minutes < 90; minutes++) {
      Instant to = FROM.plus(Duration.ofMinutes(minutes));
      assertEquals(
          Story.of("covet-1", entries.stream().filter(it -> it.at().isBefore(to)).toList()),
          story.tell(before(entries), to, to, Story::lines),
          to::toString);
    }
  }

  @Test
  void aMitigationsEndIsFoundOnceWhereWhatIsReadBesidesIsOutOfOrderInTime() {
    Instant over = mitigated();
    engine.pass(Duration.ofHours(3)).obey();
    List<Journal.Entry> entries = new ArrayList<>(engine.entries);
    // The last two are written after these, of which one is later than the next.
    for (int minutes : List.of(30, 90, 31)) {
      Instant at = over.plus(Duration.ofMinutes(minutes));
      entries.add(entries.size() - 2, new Journal.Entry(at, entries.get(1).facts()));
    }
    List<Story.Line> once = Story.of("covet-1", entries);
    for (int time = 0; time < 3; time++) {
      assertEquals(once, story.tell(before(entries), over, TO, Story::lines));
    }
  }

  @Test
  void nothingIsToldTwiceWhereItsTimeTurnsOutToEndAMomentEarlier() {
    Instant over = mitigated();
    engine.pass(Duration.ofHours(3)).obey();
    assertEquals(List.of(), story.tell(before(List.of()), over.plusSeconds(1), over, Story::lines));
    List<Journal.Entry> entries = new ArrayList<>(engine.entries);
    entries.add(
        entries.size() - 2, new Journal.Entry(over.plusMillis(500), entries.get(1).facts()));
    assertEquals(Story.of("covet-1", entries), story.tell(before(entries), over, TO, Story::lines));
  }

  @Test
  void whereNoTimeIsLeftForAMitigationsEndWhatIsKnownIsToldAndTheNextGoesOn() {
    Instant over = mitigated();
    for (int hour = 0; hour < 6; hour++) {
      engine.release("rel-" + hour, "covet").pass(Duration.ofHours(1));
    }
    engine.obey();
    List<Journal.Entry> entries = engine.entries;
    long required = entries.stream().filter(it -> it.at().isBefore(over)).count();
    List<Story.Line> known = story.tell(breaking(entries, required), over, TO, Story::lines);
    assertFalse(known.isEmpty());
    KeptStory other = new KeptStory("covet-1", FROM);
    assertThrows(
        Refusal.class,
        () -> other.tell(breaking(entries, required - 1), over, TO, Story::lines),
        "what is asked for is required");
    List<Story.Line> all = story.tell(before(entries), over, TO, Story::lines);
    assertTrue(all.size() > known.size(), all::toString);
  }

  /** Time is left for so many entries. */
  private static Past breaking(List<Journal.Entry> entries, long left) {
    AtomicLong budget = new AtomicLong(left);
    return (from, to, each) ->
        before(entries)
            .read(
                from,
                to,
                it -> {
                  if (budget.getAndDecrement() <= 0) {
                    throw new Refusal(503, "It takes too long.");
                  }
                  each.accept(it);
                });
  }

  private static Past before(List<Journal.Entry> entries) {
    return (from, to, each) ->
        past(entries)
            .read(
                from,
                to,
                entry -> {
                  if (entry.at().isBefore(to)) {
                    each.accept(entry);
                  }
                });
  }

  /** A mitigation is in force, and its incident over; a moment after that. */
  private Instant mitigated() {
    Map<String, String> latency = Map.of("alertname", "HighLatency", "namespace", "covet");
    engine.alert(latency, true).obey().pass(Duration.ofSeconds(31)).obey();
    engine.pass(Duration.ofSeconds(2)).obey().alert(latency, false);
    return engine.clock().instant().plusSeconds(1);
  }

  private static final class Breaking implements Consumer<Journal.Entry> {
    private final Consumer<Journal.Entry> each;
    private int left;

    Breaking(Consumer<Journal.Entry> each, int left) {
      this.each = each;
      this.left = left;
    }

    @Override
    public void accept(Journal.Entry entry) {
      if (left-- == 0) {
        throw new Refusal(503, "It takes too long.");
      }
      each.accept(entry);
    }
  }
}
