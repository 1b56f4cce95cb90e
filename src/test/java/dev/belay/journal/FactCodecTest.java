package dev.belay.journal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.core.alert.Labels;
import dev.belay.core.engine.Fact;
import dev.belay.core.engine.State;
import dev.belay.core.engine.StateSnapshot;
import dev.belay.core.incident.Course;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class FactCodecTest {
  private final FactCodec codec = new FactCodec();

  @Test
  void readsTheGoldenFactsAsTheyWereMeant() throws IOException {
    List<String> golden = golden();
    List<Fact> facts = SampleFacts.all();
    assertEquals(facts.size(), golden.size());
    for (int i = 0; i < facts.size(); i++) {
      assertEquals(List.of(facts.get(i)), decode("[" + golden.get(i) + "]"), golden.get(i));
    }
  }

  @Test
  void writesTheGoldenFactsByteForByte() throws IOException {
    List<String> written = new ArrayList<>();
    for (Fact fact : SampleFacts.all()) {
      String json = new String(codec.encode(List.of(fact)), UTF_8);
      written.add(json.substring(1, json.length() - 1));
    }
    Files.write(Path.of("target", "facts-1.jsonl"), written);
    assertEquals(
        golden(),
        written,
        "facts are for ever: lines may be added to facts-1.jsonl, never changed;"
            + " what is written now stands in target/facts-1.jsonl");
  }

  @Test
  void everyVariantOfEverySealedTypeHasANameAndAGoldenLine() throws IOException {
    String golden = String.join("\n", golden());
    int seen = 0;
    for (Class<?> type : reachable()) {
      if (!type.isSealed()) {
        continue;
      }
      Map<String, Class<?>> names = Vocabulary.NAMES.getOrDefault(type, Map.of());
      for (Class<?> variant : type.getPermittedSubclasses()) {
        String name =
            names.entrySet().stream()
                .filter(entry -> entry.getValue().equals(variant))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow(() -> new AssertionError(variant + " has no name in Vocabulary"));
        String discriminator = type.getSimpleName().toLowerCase(Locale.ROOT);
        String mark = "{\"" + discriminator + "\":\"" + name + "\"";
        assertTrue(golden.contains(mark), mark + " has no line in facts-1.jsonl");
        seen++;
      }
    }
    assertTrue(seen > 30, "only " + seen + " variants are reachable: the search is broken");
  }

  @Test
  void everyConstantOfEveryEnumHasAGoldenLine() throws IOException {
    String golden = String.join("\n", golden()) + String.join("\n", goldenSnapshots());
    int seen = 0;
    for (Class<?> type : reachable()) {
      if (type.isEnum()) {
        for (Object constant : Objects.requireNonNull(type.getEnumConstants())) {
          String name = ((Enum<?>) constant).name();
          assertTrue(golden.contains("\"" + name + "\""), type + "." + name + " has no line");
          seen++;
        }
      }
    }
    assertTrue(seen > 60, "only " + seen + " constants are reachable: the search is broken");
  }

  @Test
  void labelsAreWrittenInOrderOfTheirNames() {
    Map<String, String> labels = new LinkedHashMap<>();
    labels.put("b", "2");
    labels.put("a", "1");
    assertEquals(
        "[{\"fact\":\"AlertForgotten\",\"labels\":{\"a\":\"1\",\"b\":\"2\"}}]",
        new String(codec.encode(List.of(new Fact.AlertForgotten(Labels.of(labels)))), UTF_8));
  }

  @Test
  void labelsMadeToBreakTheReaderAreReadAgain() {
    Map<String, String> labels = new TreeMap<>();
    for (int i = 0; i < 1 << 14; i++) {
      StringBuilder name = new StringBuilder();
      for (int bit = 0; bit < 14; bit++) {
        name.append((i >> bit & 1) == 0 ? "Aa" : "BB");
      }
      labels.put(name.toString(), "x");
    }
    labels.put("n".repeat(200_000), "y".repeat(200_000));
    List<Fact> facts = List.of(new Fact.AlertForgotten(Labels.of(labels)));
    assertEquals(facts, codec.decode(codec.encode(facts)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "{}",
        "[null]",
        "[{}]",
        "[{\"fact\":\"AlertFired\"}]",
        "[{\"fact\":\"FromTheFuture\"}]",
        "[{\"labels\":{}}]",
        "[{\"fact\":\"AlertForgotten\",\"labels\":{},\"new\":1}]",
        "[{\"fact\":\"AlertForgotten\",\"labels\":null}]",
        "[{\"fact\":\"AlertForgotten\",\"labels\":[]}]",
        "[{\"fact\":\"AlertForgotten\",\"labels\":{\"a\":1}}]",
        "[{\"fact\":\"AlertForgotten\",\"labels\":{}}] x",
        "[{\"fact\":\"BrakeReleased\",\"at\":1700000000}]",
        "[{\"fact\":\"BrakeReleased\",\"at\":\"yesterday\"}]",
        "[{\"fact\":\"BrakeEngaged\",\"services\":[null],\"at\":\"2026-11-24T10:15:30Z\"}]",
        "[{\"fact\":\"BrakeEngaged\",\"services\":[1],\"at\":\"2026-11-24T10:15:30Z\"}]",
        "[{\"fact\":\"Held\",\"person\":7,\"why\":\"x\",\"at\":\"2026-11-24T10:15:30Z\"}]",
        "[{\"fact\":\"PermitAsked\",\"service\":null,\"action\":\"a\",\"at\":\"2026-11-24T10:15:30Z\"}]",
        "[{\"fact\":\"PermitAsked\",\"service\":\"s\",\"action\":7,\"at\":\"2026-11-24T10:15:30Z\"}]",
        "[{\"fact\":\"RunEnded\",\"service\":\"s\",\"incident\":\"i\",\"reason\":\"NEW\",\"at\":\"2026-11-24T10:15:30Z\"}]",
        "[{\"fact\":\"RunEnded\",\"service\":\"s\",\"incident\":\"i\",\"reason\":0,\"at\":\"2026-11-24T10:15:30Z\"}]",
        "[{\"fact\":\"RevisionJudged\",\"service\":\"s\",\"digest\":\"d\",\"reason\":\"STALE\",\"at\":\"2026-11-24T10:15:30Z\"}]",
        "[{\"fact\":\"NoticeSent\",\"incident\":\"i\",\"channel\":\"c\",\"at\":\"2026-11-24T10:15:30Z\"}]",
        "[{\"fact\":\"IncidentCharted\",\"service\":\"s\",\"incident\":\"i\",\"courses\":[{\"trigger\":\"t\",\"signal\":\"error_rate\",\"above\":true,\"threshold\":0.1,\"from\":\"2026-11-24T10:15:30Z\",\"after\":[0,1],\"values\":[0.1],\"unknown\":[]}],\"at\":\"2026-11-24T10:15:30Z\"}]",
        "[{\"fact\":\"IncidentCharted\",\"service\":\"s\",\"incident\":\"i\",\"courses\":[{\"trigger\":\"t\",\"signal\":\"error_rate\",\"above\":true,\"threshold\":0.1,\"from\":\"2026-11-24T10:15:30Z\",\"after\":[],\"values\":[],\"unknown\":[]}],\"at\":\"2026-11-24T10:15:30Z\"}]",
        "[{\"fact\":\"NoticeSent\",\"incident\":\"i\",\"number\":\"1\",\"channel\":\"c\",\"at\":\"2026-11-24T10:15:30Z\"}]",
      })
  void refusesWhatItDoesNotUnderstandInFull(String json) {
    assertThrows(IllegalArgumentException.class, () -> decode(json), json);
  }

  @Test
  void aReadingOfAChartTakesTwentyBytes() {
    List<Course.Point> points = new ArrayList<>();
    for (int i = 0; i < Course.POINTS_AT_MOST; i++) {
      points.add(
          new Course.Point(
              Instant.EPOCH.plusMillis(15_001L * i),
              i % 10 == 9 ? Optional.empty() : Optional.of((12_345 + i) / 1e6)));
    }
    Course course = Course.of("error_rate > 5% for 2 minutes", "error_rate", true, 0.05, points);
    assertEquals(points, course.points());
    byte[] json =
        codec.encode(List.of(new Fact.IncidentCharted("s", "i", List.of(course), Instant.EPOCH)));
    assertTrue(json.length <= 20 * Course.POINTS_AT_MOST, json.length + " bytes");
  }

  @Test
  void errorsQuoteNoForeignText() {
    String json = "[{\"fact\":\"AlertForgotten\",\"labels\":{\"<foreign>\":{}}}]";
    String message =
        String.valueOf(
            assertThrows(IllegalArgumentException.class, () -> decode(json)).getMessage());
    assertFalse(message.contains("foreign"), message);
  }

  @Test
  void refusesAnEntryTooLargeToBeReadAgain() {
    Fact large = new Fact.Held("ada", "x".repeat(FactCodec.MAX_ENTRY_BYTES), Instant.EPOCH);
    assertThrows(IllegalArgumentException.class, () -> codec.encode(List.of(large)));
  }

  @Test
  void snapshotsComeBackAsTheyWere() {
    State state = new State();
    SampleFacts.all().forEach(state::apply);
    StateSnapshot snapshot = state.snapshot();
    byte[] json = codec.encode(snapshot);
    assertEquals(snapshot, codec.decodeSnapshot(json));
    assertArrayEquals(json, codec.encode(State.of(codec.decodeSnapshot(json)).snapshot()));
  }

  @Test
  void snapshotsOfAnotherFormAreRefused() {
    String json = new String(codec.encode(new State().snapshot()), UTF_8);
    String older = json.replace("\"hold\":null,", "");
    assertNotEquals(json, older);
    assertThrows(IllegalArgumentException.class, () -> codec.decodeSnapshot(older.getBytes(UTF_8)));
  }

  @Test
  void whatAnEarlierVersionDidNotKnowOfIsEmptyInItsSnapshots() {
    State state = new State();
    SampleFacts.all().forEach(state::apply);
    StateSnapshot snapshot = state.snapshot();
    String json = new String(codec.encode(snapshot), UTF_8);
    ObjectNode older = (ObjectNode) JsonMapper.shared().readTree(json);
    older.remove("rules");
    ObjectNode whole = (ObjectNode) older.path("whole");
    whole.remove("hold");
    for (JsonNode service : older.path("services")) {
      ((ObjectNode) service).remove("tried");
    }
    StateSnapshot read = codec.decodeOlderSnapshot(older.toString().getBytes(UTF_8));
    assertEquals(List.of(), read.rules());
    assertEquals(Optional.empty(), read.whole().hold());
    assertTrue(read.services().stream().allMatch(service -> service.tried().isEmpty()));
    assertEquals(snapshot.alerts().size(), read.alerts().size());
  }

  @Test
  void losesNothingOfTheGoldenSnapshots() throws IOException {
    for (String golden : goldenSnapshots()) {
      JsonNode again =
          JsonMapper.shared()
              .readTree(codec.encode(codec.decodeOlderSnapshot(golden.getBytes(UTF_8))));
      assertHolds(JsonMapper.shared().readTree(golden), again, "");
    }
  }

  /** Whether everything of the one is in the other, which may have more fields. */
  private static void assertHolds(JsonNode golden, JsonNode read, String at) {
    if (golden.isObject()) {
      golden.forEachEntry((name, value) -> assertHolds(value, read.path(name), at + "/" + name));
    } else if (golden.isArray()) {
      assertEquals(golden.size(), read.size(), at);
      for (int i = 0; i < golden.size(); i++) {
        assertHolds(golden.path(i), read.path(i), at + "/" + i);
      }
    } else {
      assertEquals(golden, read, at);
    }
  }

  @Test
  void everyFieldOfASnapshotStandsInAGoldenOne() throws IOException {
    Set<String> known = new HashSet<>();
    for (String golden : goldenSnapshots()) {
      fields(JsonMapper.shared().readTree(golden), "", known);
    }
    State state = new State();
    List<String> written = new ArrayList<>();
    for (Fact fact : SampleFacts.all()) {
      state.apply(fact);
      String json = new String(codec.encode(state.snapshot()), UTF_8);
      if (fields(JsonMapper.shared().readTree(json), "", known)) {
        written.add(json);
      }
    }
    Files.write(Path.of("target", "snapshots-1.jsonl"), written);
    assertEquals(
        List.of(),
        written,
        "snapshots are for ever, and what is added to them is an Optional, a list or a map: lines"
            + " may be added to snapshots-1.jsonl, never changed; those that are missing stand in"
            + " target/snapshots-1.jsonl");
  }

  /** Adds the paths of all fields; whether there was a new one. */
  private static boolean fields(JsonNode json, String at, Set<String> known) {
    boolean[] news = {false};
    json.forEachEntry(
        (name, value) -> {
          news[0] |= known.add(at + "/" + name);
          news[0] |= fields(value, at + "/" + name, known);
        });
    if (json.isArray()) {
      json.forEach(item -> news[0] |= fields(item, at, known));
    }
    return news[0];
  }

  @Test
  void momentsAreWrittenAsTheJdkWritesThem() {
    for (String text :
        List.of(
            "0000-01-01T00:00:00Z",
            "-0001-12-31T23:59:59.999999999Z",
            "9999-12-31T23:59:59.999999999Z",
            "+10000-01-01T00:00:00Z",
            "2000-02-29T12:00:00.100Z",
            "1900-02-28T23:59:59.000001Z",
            "2024-12-31T00:00:00.000000001Z")) {
      assertEquals(text, Moment.write(Instant.parse(text)));
    }
    Random random = new Random(7);
    int[] steps = {1, 1_000, 1_000_000, 1_000_000_000};
    for (int i = 0; i < 200_000; i++) {
      int step = steps[i % steps.length];
      Instant moment =
          Instant.ofEpochSecond(
              random.nextLong(-63_000_000_000L, 254_000_000_000L),
              (long) random.nextInt(1_000_000_000 / step) * step);
      assertEquals(moment.toString(), Moment.write(moment));
    }
  }

  @Test
  void whatNestsTooDeepIsSaidInWords() {
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class, () -> decode("[{\"labels\":" + "[".repeat(1_000)));
    String said = String.valueOf(refused.getMessage());
    assertTrue(said.contains("nests too deep"), said);
    assertFalse(said.contains("Exception"), said);
  }

  private List<Fact> decode(String json) {
    return codec.decode(json.getBytes(UTF_8));
  }

  private static List<String> golden() throws IOException {
    return lines("facts-1.jsonl");
  }

  private static List<String> goldenSnapshots() throws IOException {
    return lines("snapshots-1.jsonl");
  }

  private static List<String> lines(String resource) throws IOException {
    try (InputStream in = FactCodecTest.class.getResourceAsStream(resource)) {
      return new String(Objects.requireNonNull(in).readAllBytes(), UTF_8).lines().toList();
    }
  }

  /** Every class of Belay's that a fact or a snapshot can hold. */
  private static Set<Class<?>> reachable() {
    Set<Class<?>> found = new LinkedHashSet<>();
    reach(Fact.class, found);
    reach(StateSnapshot.class, found);
    return found;
  }

  private static void reach(Type type, Set<Class<?>> found) {
    if (type instanceof ParameterizedType generic) {
      for (Type argument : generic.getActualTypeArguments()) {
        reach(argument, found);
      }
    } else if (type instanceof Class<?> ours
        && ours.getName().startsWith("dev.belay.")
        && found.add(ours)) {
      if (ours.isSealed()) {
        for (Class<?> variant : ours.getPermittedSubclasses()) {
          reach(variant, found);
        }
      }
      if (ours.isRecord()) {
        for (RecordComponent component : Objects.requireNonNull(ours.getRecordComponents())) {
          reach(component.getGenericType(), found);
        }
      }
    }
  }
}
