package dev.belay.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.core.engine.Event;
import dev.belay.core.engine.Fact;
import dev.belay.core.engine.Reading;
import dev.belay.core.engine.State;
import dev.belay.core.incident.Course;
import dev.belay.core.incident.Reason;
import dev.belay.core.rule.Service;
import dev.belay.core.rule.Trigger;
import dev.belay.port.Inbox;
import dev.belay.port.InboxFull;
import dev.belay.port.Journal;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The chart of an incident is part of the record. */
class ReadingsTest {
  private static final Service COVET = FakeEngine.RULES.services().getFirst();
  private static final Trigger TRIGGER = COVET.triggers().getFirst();
  private static final Duration PAUSE = Duration.ofSeconds(15);
  private static final Map<String, String> ERRORS =
      Map.of("alertname", "HighErrorRate", "namespace", "covet");

  private final FakeEngine engine = new FakeEngine();
  private Readings readings = readings();
  private int told;
  private boolean full;

  /** How far the machine's clock is from the engine's. */
  private Duration astray = Duration.ZERO;

  private Readings readings() {
    return new Readings(
        name -> Optional.of(COVET).filter(service -> service.name().equals(name)), clock());
  }

  private InstantSource clock() {
    return () -> engine.clock().instant().plus(astray);
  }

  private Inbox inbox() {
    return event ->
        full && event instanceof Event.IncidentCharted
            ? CompletableFuture.failedFuture(new InboxFull("full"))
            : engine.offer(event);
  }

  /** What became durable is heard of, and a little time passes. */
  private void pass() {
    List<Journal.Entry> entries = List.copyOf(engine.entries);
    readings.accept(entries.subList(told, entries.size()));
    told = entries.size();
    engine.pass(PAUSE);
  }

  private void read(double value, int times) {
    for (int i = 0; i < times; i++) {
      pass();
      readings
          .before(inbox())
          .offer(
              new Event.SignalsRead(
                  "covet",
                  List.of(
                      new Reading(
                          TRIGGER.name(),
                          Double.isNaN(value) ? Optional.empty() : Optional.of(value),
                          ""))));
    }
  }

  private void alert(boolean firing) {
    engine.alert(ERRORS, firing);
    pass();
  }

  private List<Fact.IncidentCharted> written() {
    return engine.entries.stream()
        .flatMap(entry -> entry.facts().stream())
        .flatMap(
            fact -> fact instanceof Fact.IncidentCharted chart ? Stream.of(chart) : Stream.empty())
        .toList();
  }

  private List<Course> courses() {
    Story story = new Story("covet-1");
    engine.entries.forEach(story::read);
    return story.courses();
  }

  private static List<Double> values(Course course) {
    return course.points().stream().map(point -> point.value().orElse(Double.NaN)).toList();
  }

  @Test
  void whatWasReadBeforeAnIncidentAndInItIsWrittenDownWhenItIsOver() {
    read(0.01, 3);
    alert(true);
    read(0.3, 2);
    read(Double.NaN, 1);
    assertEquals(List.of(), written());
    alert(false);
    read(0.02, 1);
    assertEquals(1, written().size());
    Course course = courses().getFirst();
    assertEquals(TRIGGER.name(), course.trigger());
    assertEquals("error_rate", course.signal());
    assertEquals(0.05, course.threshold());
    assertEquals(List.of(0.01, 0.01, 0.01, 0.3, 0.3, Double.NaN, 0.02), values(course));
    read(0.01, 5);
    assertEquals(1, written().size(), "nothing is written while nothing is wrong");
  }

  @Test
  void itIsWrittenDownWhenBelayStopsAndGoesOnAfterwards() {
    read(0.01, 2);
    alert(true);
    read(0.3, 2);
    readings.end(inbox(), Duration.ofSeconds(1));
    assertEquals(1, written().size());
    restart();
    read(0.2, 1);
    alert(false);
    read(0.02, 1);
    assertEquals(2, written().size());
    assertEquals(List.of(0.01, 0.01, 0.3, 0.3, 0.2, 0.02), values(courses().getFirst()));
  }

  @Test
  void whatLedToAnActionIsWrittenDownWhenItBegins() {
    Inbox inbox = readings.before(engine);
    engine.badRelease();
    pass();
    inbox.offer(
        new Event.SignalsRead("covet", List.of(new Reading(TRIGGER.name(), Optional.of(0.4), ""))));
    engine.obeyUntilApplied().pass(Duration.ofSeconds(30)).obeyUntilApplied();
    assertTrue(
        engine.entries.stream()
            .flatMap(entry -> entry.facts().stream())
            .anyMatch(Fact.ActionIntended.class::isInstance));
    read(0.5, 1);
    assertEquals(List.of(0.4, 0.5), values(courses().getFirst()));
  }

  @Test
  void whatTheEngineDidNotTakeIsHandedToItAgain() {
    alert(true);
    read(0.3, 2);
    full = true;
    alert(false);
    read(0.02, 2);
    assertEquals(List.of(), written());
    full = false;
    read(0.02, 1);
    assertEquals(1, written().size());
    assertEquals(List.of(0.3, 0.3, 0.02), values(courses().getFirst()));
  }

  @Test
  void aLongIncidentIsThinnedOutAndItsPeaksStay() {
    alert(true);
    read(0.1, 700);
    read(0.9, 1);
    read(0.1, 500);
    read(Double.NaN, 100);
    alert(false);
    read(0.01, 2);
    Course course = courses().getFirst();
    assertTrue(course.points().size() <= Course.POINTS_AT_MOST);
    assertTrue(course.points().size() > Course.POINTS_AT_MOST / 4);
    assertEquals(1, values(course).stream().filter(value -> value.equals(0.9)).count());
    assertTrue(values(course).stream().anyMatch(value -> value.isNaN()), "gaps stay");
    assertTrue(
        Duration.between(course.points().getFirst().at(), course.points().getLast().at())
                .compareTo(Duration.ofHours(5))
            > 0);
  }

  @Test
  void aClockThatIsPutBackHidesNoReading() {
    alert(true);
    read(0.3, 2);
    readings.end(inbox(), Duration.ofSeconds(1));
    astray = Duration.ofHours(-1);
    read(0.2, 2);
    alert(false);
    read(0.02, 1);
    Course course = courses().getFirst();
    assertEquals(List.of(0.3, 0.3, 0.2, 0.2, 0.02), values(course));
    assertInOrder(course);
  }

  @Test
  void aClockThatIsPutBackWhileBelayIsAwaySpoilsNoReport() {
    alert(true);
    read(0.3, 2);
    readings.end(inbox(), Duration.ofSeconds(1));
    astray = Duration.ofHours(-1);
    restart();
    read(0.2, 1);
    alert(false);
    read(0.02, 1);
    Course course = courses().getFirst();
    assertEquals(List.of(0.2, 0.02, 0.3, 0.3), values(course));
    assertInOrder(course);
    Story story = new Story("covet-1");
    engine.entries.forEach(story::read);
    assertTrue(
        PostMortem.of("covet-1", story, engine.clock().instant())
            .orElseThrow()
            .contains("What was measured"));
  }

  private static void assertInOrder(Course course) {
    assertEquals(
        course.points().stream().map(Course.Point::at).sorted().toList(),
        course.points().stream().map(Course.Point::at).toList());
  }

  private void restart() {
    readings = readings();
    State state = new State();
    engine.entries.forEach(entry -> entry.facts().forEach(state::apply));
    readings.begin(state);
  }

  /** So many services, each in trouble and with a reading. */
  private static Readings storm(int services, InstantSource clock) {
    Readings readings = new Readings(_ -> Optional.of(COVET), clock);
    for (int i = 0; i < services; i++) {
      readings.accept(
          entry(new Fact.IncidentOpened("s" + i, "s" + i + "-1", "Errors", FakeEngine.START)));
      readings.before(_ -> CompletableFuture.completedFuture(null)).offer(signal("s" + i));
    }
    return readings;
  }

  private static List<Journal.Entry> entry(Fact fact) {
    return List.of(new Journal.Entry(FakeEngine.START, List.of(fact)));
  }

  private static CompletionStage<@Nullable Void> unanswered() {
    return new CompletableFuture<>();
  }

  private static CompletionStage<@Nullable Void> answeredLater() {
    CompletableFuture<@Nullable Void> answer = new CompletableFuture<>();
    return answer.completeAsync(() -> null);
  }

  private static CompletionStage<@Nullable Void> refused() {
    return CompletableFuture.failedFuture(new InboxFull("full"));
  }

  private static Event signal(String service) {
    return new Event.SignalsRead(
        service, List.of(new Reading(TRIGGER.name(), Optional.of(0.3), "")));
  }

  @Test
  void aStopInAStormWaitsForSomeChartsAtATimeAndNotForLong() {
    List<Event> offered = new ArrayList<>();
    storm(100, engine.clock())
        .end(
            event -> {
              offered.add(event);
              return unanswered();
            },
            Duration.ofMillis(1));
    assertEquals(32, offered.size());
  }

  @Test
  void aStopInAStormWritesDownAllChartsWhereThereIsTime() {
    List<Event> offered = new ArrayList<>();
    storm(100, engine.clock())
        .end(
            event -> {
              offered.add(event);
              return answeredLater();
            },
            Duration.ofMinutes(1));
    assertEquals(100, offered.size());
  }

  @Test
  void aStopGivesUpWhereTheEngineTakesNoMore() {
    List<Event> offered = new ArrayList<>();
    storm(100, engine.clock())
        .end(
            event -> {
              offered.add(event);
              return refused();
            },
            Duration.ofMinutes(1));
    assertEquals(1, offered.size());
  }

  @Test
  void nothingNewIsTakenBeforeWhatWasRefusedIsAccepted() {
    Readings storm = storm(3, engine.clock());
    List<String> offered = new ArrayList<>();
    Inbox inbox =
        storm.before(
            event -> {
              if (event instanceof Event.IncidentCharted(_, var incident, _)) {
                offered.add(incident);
                return full ? refused() : CompletableFuture.completedFuture(null);
              }
              return CompletableFuture.completedFuture(null);
            });
    for (int i = 0; i < 3; i++) {
      storm.accept(
          entry(
              new Fact.IncidentClosed("s" + i, "s" + i + "-1", Reason.VERIFIED, FakeEngine.START)));
    }
    full = true;
    inbox.offer(signal("s0"));
    inbox.offer(signal("s1"));
    full = false;
    inbox.offer(signal("s2"));
    inbox.offer(signal("s0"));
    inbox.offer(signal("s1"));
    inbox.offer(signal("s2"));
    assertEquals(List.of("s0-1", "s0-1", "s0-1", "s1-1", "s2-1"), offered);
  }

  @Test
  void whatIsNotAnsweredYetIsNotOvertaken() {
    Readings storm = storm(2, engine.clock());
    List<Event> offered = new ArrayList<>();
    Inbox inbox =
        storm.before(
            event -> {
              if (event instanceof Event.IncidentCharted) {
                offered.add(event);
                return unanswered();
              }
              return CompletableFuture.completedFuture(null);
            });
    for (int i = 0; i < 2; i++) {
      storm.accept(
          entry(
              new Fact.IncidentClosed("s" + i, "s" + i + "-1", Reason.VERIFIED, FakeEngine.START)));
    }
    inbox.offer(signal("s0"));
    inbox.offer(signal("s1"));
    assertEquals(1, offered.size());
  }

  @Test
  void aChartForWhichThereIsNoRoomUntilNoStoryFindsItIsGivenUp() {
    alert(true);
    read(0.3, 2);
    full = true;
    alert(false);
    read(0.02, 1);
    engine.pass(Duration.ofHours(1));
    full = false;
    read(0.01, 2);
    assertEquals(List.of(), written());
    alert(true);
    read(0.4, 1);
    alert(false);
    read(0.02, 1);
    assertEquals(1, written().size());
    assertEquals(List.of("covet-2"), written().stream().map(it -> it.incident()).toList());
  }

  @Test
  void aServiceThatIsLostGivesItsPlaceBack() {
    Readings found = new Readings(_ -> Optional.of(COVET), engine.clock());
    List<Event> offered = new ArrayList<>();
    Inbox inbox =
        found.before(
            event -> {
              offered.add(event);
              return CompletableFuture.completedFuture(null);
            });
    for (int i = 0; i < 4_000; i++) {
      inbox.offer(signal("s" + i));
    }
    found.accept(entry(new Fact.ServiceLost("s7", FakeEngine.START)));
    found.accept(entry(new Fact.IncidentOpened("covet", "covet-1", "Errors", FakeEngine.START)));
    inbox.offer(signal("covet"));
    found.accept(
        entry(new Fact.IncidentClosed("covet", "covet-1", Reason.VERIFIED, FakeEngine.START)));
    inbox.offer(signal("covet"));
    assertEquals(1, offered.stream().filter(Event.IncidentCharted.class::isInstance).count());
  }

  @Test
  void nothingIsWrittenOfAnIncidentThatIsNotKnownOrWithoutReadings() {
    engine.handle(new Event.IncidentCharted("covet", "covet-1", List.of()));
    engine.handle(
        new Event.IncidentCharted(
            "covet",
            "covet-9",
            List.of(
                Course.of(
                    "t",
                    "error_rate",
                    true,
                    0.1,
                    List.of(new Course.Point(FakeEngine.START, Optional.of(0.2)))))));
    alert(true);
    alert(false);
    pass();
    assertEquals(List.of(), written());
  }
}
