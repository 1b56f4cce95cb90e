package dev.belay.intake;

import static dev.belay.intake.Bodies.NOW;
import static dev.belay.intake.Bodies.bytes;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.core.engine.Event.ReleaseReceived;
import dev.belay.core.release.Release;
import dev.belay.core.release.Release.Change;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReleaseEventsTest {
  private static final Instant THEN = Instant.parse("2026-01-31T11:58:00Z");

  private final ReleaseEvents events = new ReleaseEvents(IntakeLimits.standard());

  @ParameterizedTest
  @CsvSource({
    "0.1-deployed, e-01, DEPLOYED",
    "0.2-upgraded, e-02, UPGRADED",
    "0.3-rolledback, e-03, ROLLED_BACK"
  })
  void readsEveryVersionOfCdEvents(String file, String id, Change change) {
    assertEquals(
        new Release(
            id,
            "/ci/deploy",
            "covet",
            "production",
            change,
            Optional.of("1.2.4"),
            Optional.of("ghcr.io/acme/covet:1.2.4@sha256:abc123"),
            THEN,
            Optional.of(THEN),
            Optional.empty()),
        release("", Bodies.of("cdevents/" + file + ".json")));
  }

  @Test
  void readsARemoval() {
    Release release = release("application/json", Bodies.of("cdevents/0.4-removed.json"));
    assertEquals(Change.REMOVED, release.change());
    assertEquals(Optional.empty(), release.version());
  }

  @Test
  void readsSpecversionAndCustomData() {
    Release release = release("application/json", Bodies.of("cdevents/0.5-upgraded.json"));
    assertEquals(Optional.of("ada"), release.actor());
    assertEquals(Instant.parse("2026-01-31T11:55:00Z"), release.startedAt());
    assertEquals(Optional.of("1.2.5"), release.version());
    assertEquals(Optional.of("ghcr.io/acme/covet:1.2.5"), release.image());
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.5-published", "0.5-environment-created"})
  void ignoresWhatIsNoRelease(String file) {
    assertEquals(
        new Parsed.Ignored(Parsed.Ignorance.IRRELEVANT),
        parse("", Bodies.of("cdevents/" + file + ".json")));
  }

  @Test
  void readsStructuredAndBinaryCloudEvents() {
    assertEquals(
        "e-05",
        release(
                "Application/CloudEvents+json; charset=utf-8",
                Bodies.of("cdevents/structured.json"))
            .id());
    Map<String, String> attributes =
        Map.of("specversion", "1.0", "id", "ce-1", "source", "/ci", "type", "release");
    Parsed simple =
        events.parse("application/json", attributes, bytes("{\"service\":\"covet\"}"), NOW);
    Release release =
        ((ReleaseReceived) assertInstanceOf(Parsed.Taken.class, simple).event()).release();
    assertEquals("ce-1", release.id());
    assertEquals("/ci", release.source());
    assertEquals(
        "e-02",
        ((ReleaseReceived)
                assertInstanceOf(
                        Parsed.Taken.class,
                        events.parse("", attributes, Bodies.of("cdevents/0.2-upgraded.json"), NOW))
                    .event())
            .release()
            .id());
    assertEquals(
        "x",
        release(
                "application/cloudevents+json",
                bytes(
                    "{\"specversion\":\"1.0\",\"id\":\"x\",\"source\":\"s\",\"type\":\"t\","
                        + "\"data_base64\":\"eyJzZXJ2aWNlIjoiY292ZXQifQ==\"}"))
            .id());
  }

  @Test
  void refusesBatches() {
    Parsed.Refused refused =
        assertInstanceOf(
            Parsed.Refused.class, parse("application/cloudevents-batch+json", bytes("[]")));
    assertEquals(Parsed.Refusal.UNSUPPORTED, refused.why());
  }

  @Test
  void readsTheSimpleJson() {
    assertEquals(
        new Release(
            "42",
            "jenkins",
            "covet",
            "",
            Change.ROLLED_BACK,
            Optional.of("1.2"),
            Optional.of("covet:1.2"),
            THEN,
            Optional.empty(),
            Optional.of("ada")),
        release(
            "text/plain",
            bytes(
                "{\"id\":\"42\",\"source\":\"jenkins\",\"service\":\"covet\",\"change\":"
                    + "\"rolledback\",\"version\":\"1.2\",\"image\":\"covet:1.2\",\"startedAt\":"
                    + "\"2026-01-31T11:58:00Z\",\"actor\":\"ada\"}")));
    Release now = release("", bytes("{\"id\":\"1\",\"source\":\"s\",\"service\":\"covet\"}"));
    assertEquals(NOW, now.startedAt());
    assertEquals(Optional.of(NOW), now.finishedAt());
    assertEquals(Change.DEPLOYED, now.change());
  }

  @ParameterizedTest
  @ValueSource(strings = {"belay", "belay/production", "urn:belay", "urn:belay:one"})
  void ignoresItsOwnEvents(String source) {
    Parsed own = new Parsed.Ignored(Parsed.Ignorance.OWN);
    assertEquals(
        own,
        parse("", bytes("{\"id\":\"1\",\"source\":\"" + source + "\",\"service\":\"covet\"}")));
    assertEquals(
        own,
        events.parse("", Map.of("source", source), Bodies.of("cdevents/0.2-upgraded.json"), NOW));
  }

  @ParameterizedTest
  @ValueSource(strings = {"belayer", "urn:belaytech:ci", "belay-ci/shop"})
  void takesThoseOfOthersWhoseNamesBeginAlike(String source) {
    String event = "{\"id\":\"1\",\"source\":\"" + source + "\",\"service\":\"covet\"}";
    assertEquals(source, release("", bytes(event)).source());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | \"id\" is missing",
        "[] | must be a JSON object",
        "{\"id\":\"1\",\"source\":\"s\"} | \"service\" is missing",
        "{\"id\":1,\"source\":\"s\",\"service\":\"c\"} | \"id\" must be a string",
        "{\"id\":\"1\",\"source\":\"s\",\"service\":\"c\",\"image_tag\":\"x\"} | unknown field"
            + " \"image_tag\"; the known fields are id, source, service",
        "{\"id\":\"1\",\"source\":\"s\",\"service\":\"c\",\"change\":\"built\"} | must be one of"
            + " deployed, upgraded",
        "{\"id\":\"1\",\"source\":\"s\",\"service\":\"a\\r\\nb\"} | \"service\" holds a control"
            + " character",
        "{\"id\":\"1\",\"source\":\"s\",\"service\":\"c\",\"startedAt\":\"soon\"} | \"startedAt\""
            + " is no RFC 3339",
        "{\"id\":\"1\",\"source\":\"s\",\"service\":\"c\",\"startedAt\":\"2026-01-31T11:58:00Z\","
            + "\"finishedAt\":\"2026-01-31T11:57:00Z\"} | before \"startedAt\"",
        "{\"context\":{\"type\":\"dev.cdevents.service.exploded.0.1.0\"}} | unknown event of a"
            + " service",
        "{\"context\":{\"type\":\"dev.cdevents.service.deployed\"}} | no CDEvents type",
        "{\"context\":{\"type\":\"dev.cdevents.service.deployed.0.3.0\"}} | context.specversion",
        "{\"specversion\":\"1.0\",\"type\":\"t\",\"source\":\"s\"} | application/cloudevents+json"
      })
  void teachesWhereItRefuses(String body, String sentence) {
    Parsed.Refused refused = assertInstanceOf(Parsed.Refused.class, parse("", bytes(body)));
    assertTrue(refused.sentence().contains(sentence), refused.sentence());
  }

  @Test
  void anEventOfANewerVocabularyAboutSomethingElseIsIrrelevant() {
    assertEquals(
        new Parsed.Ignored(Parsed.Ignorance.IRRELEVANT),
        parse("", bytes("{\"context\":{\"type\":\"dev.cdevents.moon.landed.0.1.0\"}}")));
  }

  @Test
  void refusesAKeyThatIsGivenTwice() {
    assertEquals(
        Parsed.Refusal.MALFORMED,
        assertInstanceOf(Parsed.Refused.class, parse("", bytes("{\"id\":\"1\",\"id\":\"2\"}")))
            .why());
  }

  @ParameterizedTest
  @CsvSource({
    "pkg:oci/app@sha256%3Aff, sha256:ff, app@sha256:ff",
    "pkg:docker/acme/app@1.2, 1.2, acme/app:1.2",
    "pkg:oci/app?tag=7&repository_url=r/app, 7, r/app:7",
    "pkg:oci/app@sha256:ff?repository_url=host/path/app&tag=1.2, 1.2, host/path/app:1.2@sha256:ff",
    "pkg:oci/app@sha256:ff?repository_url=https://host/path/app/, sha256:ff,"
        + " host/path/app@sha256:ff",
    "pkg:docker/acme/app@sha256%3Aff?repository_url=gcr.io, sha256:ff, gcr.io/acme/app@sha256:ff",
    "pkg:maven/g/a@1.0, 1.0, ''",
    "v1.2.3, v1.2.3, ''",
    "pkg:oci/app@%zz, %zz, app:%zz"
  })
  void readsPackageUrls(String artifact, String version, String image) {
    PackageUrl url = PackageUrl.parse(artifact);
    assertEquals(Optional.of(version), url.version());
    assertEquals(image, url.image().orElse(""));
  }

  private Parsed parse(String contentType, byte[] body) {
    return events.parse(contentType, Map.of(), body, NOW);
  }

  private Release release(String contentType, byte[] body) {
    Parsed parsed = parse(contentType, body);
    return ((ReleaseReceived)
            assertInstanceOf(Parsed.Taken.class, parsed, parsed.toString()).event())
        .release();
  }
}
