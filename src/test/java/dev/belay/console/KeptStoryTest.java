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
    Map<String, String> latency = Map.of("alertname", "HighLatency", "namespace", "covet");
    engine.alert(latency, true).obey().pass(Duration.ofSeconds(31)).obey();
    engine.pass(Duration.ofSeconds(2)).obey().alert(latency, false);
    Instant over = engine.clock().instant().plusSeconds(1);
    engine.pass(Duration.ofHours(3)).obey();
    Instant restored = engine.entries.getLast().at();
    assertFalse(restored(over, restored));
    assertTrue(restored(over, restored.plusSeconds(1)));
    engine.read();
    engine.release("rel-43", "covet").pass(Duration.ofHours(3)).release("rel-44", "covet");
    assertTrue(restored(over, engine.clock().instant().plusSeconds(1)));
    assertEquals(List.of(), engine.read(), "what is after the end is of no use");
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
