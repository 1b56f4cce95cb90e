package dev.belay.core.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.core.incident.Reason;
import dev.belay.core.release.Release;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class InputTest {
  private static final String INPUT = "kafka/id/0";

  private final Core core = new Rules().core();
  private final Scene scene = new Scene(core);

  private static InputRecord announced(long offset, String id) {
    return new InputRecord.Announced(
        offset,
        new Release(
            id,
            "ci",
            Scene.SHOP,
            "",
            Release.Change.DEPLOYED,
            Optional.empty(),
            Optional.empty(),
            Scene.START,
            Optional.empty(),
            Optional.empty()));
  }

  private Scene read(String input, InputRecord... records) {
    return scene.send(new Event.RecordsRead(input, List.of(records)));
  }

  private List<String> kinds() {
    return scene.lastFacts().stream().map(fact -> fact.getClass().getSimpleName()).toList();
  }

  @Test
  void theFactsOfRecordsAndThePositionBecomeDurableTogether() {
    read(INPUT, announced(3, "a"), announced(7, "b"));
    assertEquals(List.of("ReleaseRecorded", "ReleaseRecorded", "InputRead"), kinds());
    assertEquals(7, scene.state().position(INPUT));
  }

  @Test
  void whatIsDeliveredAgainHasNoEffect() {
    read(INPUT, announced(0, "a"), announced(1, "b"));
    read(INPUT, announced(0, "a"), announced(1, "b"));
    assertEquals(List.of(), kinds());
    read(INPUT, announced(1, "changed"), announced(2, "c"));
    assertEquals(List.of("ReleaseRecorded", "InputRead"), kinds());
    scene.restart(Duration.ofMinutes(1));
    read(INPUT, announced(1, "b"), announced(2, "c"));
    assertEquals(List.of(), kinds());
  }

  @Test
  void anotherInputBeginsAnew() {
    read(INPUT, announced(5, "a"));
    read("kafka/id/1", announced(0, "b"));
    read("kafka/other/0", announced(0, "c"));
    assertEquals(List.of("ReleaseRecorded", "InputRead"), kinds());
  }

  @Test
  void whatCannotBeReadIsADecisionThatSaysWhy() {
    read(INPUT, new InputRecord.Unreadable(9, "releases/0/9", "it is no JSON"));
    assertEquals(List.of("Decided", "InputRead"), kinds());
    Fact.Decided decided = (Fact.Decided) scene.lastFacts().getFirst();
    assertEquals(Reason.RECORD_UNREADABLE, decided.reason());
    assertEquals("releases/0/9", decided.subject());
    assertTrue(Sentences.of(decided).orElseThrow().contains("it is no JSON"));
    read(INPUT, new InputRecord.Unreadable(9, "releases/0/9", "it is no JSON"));
    assertEquals(List.of(), kinds());
  }

  @Test
  void manyInputsTakeNoMoreThanTheirRoom() {
    read(INPUT, announced(5, "a"));
    Stream.iterate(0, i -> i + 1)
        .limit(Whole.INPUTS_KEPT)
        .forEach(i -> read("other/" + i, announced(0, "x")));
    assertEquals(Whole.INPUTS_KEPT, scene.state().snapshot().whole().positions().size());
    assertEquals(-1, scene.state().position(INPUT));
  }
}
