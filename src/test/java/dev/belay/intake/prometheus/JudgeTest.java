package dev.belay.intake.prometheus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.core.alert.Labels;
import dev.belay.core.alert.Matcher;
import dev.belay.core.engine.Reading;
import dev.belay.core.rule.Measure;
import dev.belay.core.rule.Measure.Many;
import dev.belay.core.rule.Measure.NoData;
import dev.belay.core.rule.Signal;
import dev.belay.core.rule.Trigger;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class JudgeTest {
  private static final Trigger ERRORS = trigger(Signal.ERROR_RATE, true, 0.05);
  private static final Trigger AVAILABLE = trigger(Signal.AVAILABILITY, false, 0.99);
  private static final Found.Of NOTHING = found();

  private static Trigger trigger(Signal signal, boolean above, double threshold) {
    return new Trigger(signal, Optional.empty(), above, threshold, Duration.ZERO, "as it is");
  }

  private static Asker asker(Trigger trigger, NoData noData, Many many, double traffic) {
    Selection shop = new Selection(List.of(Matcher.equal("namespace", "shop")), true);
    return new Asker(
        "shop",
        trigger,
        new Measure(Optional.empty(), noData, many, Optional.empty()),
        "http_requests_total",
        shop,
        shop,
        traffic);
  }

  private static Found.Of found(double... values) {
    return new Found.Of(
        DoubleStream.of(values).mapToObj(value -> new Sample(Labels.NONE, value)).toList());
  }

  /** Whether it is crossed; empty where that is unknown. */
  private static Optional<Boolean> crossed(Asker asker, Found found, Optional<Found> traffic) {
    Reading reading = Judge.reading(asker, found, traffic);
    assertEquals(asker.trigger().name(), reading.trigger());
    assertEquals(reading.value().isEmpty(), !reading.detail().isEmpty(), reading::detail);
    return reading.value().map(asker.trigger()::crossedBy);
  }

  private static Optional<Boolean> crossed(Asker asker, double... values) {
    return crossed(asker, found(values), Optional.empty());
  }

  private static String detail(Asker asker, Found found) {
    return Judge.reading(asker, found, Optional.empty()).detail();
  }

  @Test
  void aValueIsReadAsItIs() {
    Asker asker = asker(ERRORS, NoData.HOLD, Many.ERROR, 0);
    assertEquals(Optional.of(0.0), Judge.reading(asker, found(0), Optional.empty()).value());
    assertEquals(Optional.of(true), crossed(asker, 0.06));
    assertEquals(Optional.of(false), crossed(asker, 0.05));
  }

  /** Prometheus gives the last finite bucket's bound, however slow it is: all had read as well. */
  @Test
  void beyondTheLastBucketItIsKnownOnlyThatItIsAboveThat() {
    Asker aboveOne = asker(trigger(Signal.RESPONSE_TIME, true, 1), NoData.PASS, Many.ERROR, 0);
    assertEquals(Optional.of(true), crossed(aboveOne, -2.5));
    assertEquals(Optional.of(2.5), Judge.reading(aboveOne, found(-2.5), Optional.empty()).value());
    assertEquals(Optional.empty(), crossed(aboveOne, -1));
    assertEquals(Optional.empty(), crossed(aboveOne, -0.5));
    assertTrue(detail(aboveOne, found(-0.5)).contains("have one that is above the threshold"));
    Asker belowOne = asker(trigger(Signal.RESPONSE_TIME, false, 1), NoData.PASS, Many.ERROR, 0);
    assertEquals(Optional.of(false), crossed(belowOne, -1));
    assertEquals(Optional.empty(), crossed(belowOne, -0.5));
    Asker any = asker(trigger(Signal.RESPONSE_TIME, true, 1), NoData.PASS, Many.ANY, 0);
    assertEquals(Optional.of(true), crossed(any, -0.5, 1.5));
    assertEquals(Optional.empty(), crossed(any, -0.5, 0.5));
  }

  @Test
  void infinityIsAValue() {
    assertEquals(
        Optional.of(true),
        crossed(asker(ERRORS, NoData.HOLD, Many.ERROR, 0), Double.POSITIVE_INFINITY));
    assertEquals(
        Optional.of(false),
        crossed(asker(ERRORS, NoData.HOLD, Many.ERROR, 0), Double.NEGATIVE_INFINITY));
  }

  @ParameterizedTest
  @EnumSource(NoData.class)
  void anAnswerThatCannotBeHadIsUnknownWhateverNoDataMeans(NoData noData) {
    for (Trigger trigger : List.of(ERRORS, AVAILABLE)) {
      Found away = new Found.Unknown("it is away");
      Asker asker = asker(trigger, noData, Many.ERROR, 0);
      assertEquals(Optional.empty(), crossed(asker, away, Optional.empty()));
      assertEquals("it is away", detail(asker, away));
    }
  }

  @Test
  void noDataAndNanAreWhatTheRuleSays() {
    for (Trigger trigger : List.of(ERRORS, AVAILABLE)) {
      for (Found none : List.of(NOTHING, found(Double.NaN))) {
        assertEquals(Optional.empty(), noData(trigger, NoData.HOLD, none));
        assertEquals(Optional.of(false), noData(trigger, NoData.PASS, none));
        assertEquals(Optional.of(true), noData(trigger, NoData.FAIL, none));
      }
    }
    assertEquals(
        "no series of http_requests_total has namespace=\"shop\"",
        detail(asker(ERRORS, NoData.HOLD, Many.ERROR, 0), NOTHING));
  }

  private static Optional<Boolean> noData(Trigger trigger, NoData noData, Found found) {
    // Where no data is bad it is so without any traffic: that is how an outage looks.
    return crossed(asker(trigger, noData, Many.ERROR, 1), found, Optional.of(NOTHING));
  }

  @Test
  void severalSeriesAreAMistakeUnlessTheRuleSaysWhatCounts() {
    String why = detail(asker(ERRORS, NoData.FAIL, Many.ERROR, 0), found(0.5, 0.5));
    assertTrue(why.startsWith("2 series speak of it"), why);
  }

  @ParameterizedTest
  @CsvSource({
    "ANY, 0.5, 0.01, true",
    "ANY, 0.01, 0.005, false",
    "ALL, 0.5, 0.01, false",
    "ALL, 0.5, 0.6, true",
    "ANY, 0.5, NaN, true",
    "ANY, 0.01, NaN, ",
    "ALL, 0.5, NaN, ",
    "ALL, 0.01, NaN, false",
  })
  void ofSeveralTheOnesThatDecideCount(Many many, double one, double other, Boolean expected) {
    Optional<Boolean> want = Optional.ofNullable(expected);
    assertEquals(want, crossed(asker(ERRORS, NoData.HOLD, many, 0), one, other));
    assertEquals(want, crossed(asker(ERRORS, NoData.HOLD, many, 0), other, one));
    assertEquals(want, crossed(asker(AVAILABLE, NoData.HOLD, many, 0), 1 - one, 1 - other));
  }

  @Test
  void tooLittleTrafficNeitherFiresNorCancels() {
    Asker asker = asker(ERRORS, NoData.HOLD, Many.ERROR, 0.5);
    for (double value : new double[] {1, 0, Double.POSITIVE_INFINITY}) {
      assertEquals(Optional.empty(), crossed(asker, found(value), Optional.of(found(0.49))));
      assertEquals(Optional.empty(), crossed(asker, found(value), Optional.of(NOTHING)));
      assertEquals(Optional.empty(), crossed(asker, found(value), Optional.of(found(Double.NaN))));
      assertEquals(
          Optional.empty(),
          crossed(asker, found(value), Optional.of(new Found.Unknown("it is away"))));
    }
    assertEquals(Optional.of(true), crossed(asker, found(1), Optional.of(found(0.5))));
    assertEquals(Optional.of(true), crossed(asker, found(1), Optional.of(found(0.3, 0.3))));
    assertEquals(
        "0.25 requests a second are too few to tell; minimum_traffic is 0.5/s",
        Judge.reading(asker, found(1), Optional.of(found(0.25))).detail());
  }
}
