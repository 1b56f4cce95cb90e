package dev.belay.intake.prometheus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.core.alert.Labels;
import dev.belay.core.rule.Profile;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QueryApiTest {
  private static final String SECRET = "Bearer s3cr3t";
  private static final Duration SHORT = Duration.ofMillis(300);

  private final FakePrometheus fake = new FakePrometheus();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private Instant now = Instant.now();

  @AfterEach
  void close() {
    fake.close();
  }

  private static PrometheusSettings settings(URI url, Duration timeout) {
    return new PrometheusSettings(
        url,
        Duration.ofSeconds(15),
        timeout,
        Duration.ofMinutes(1),
        Profile.HTTP,
        0,
        Optional.of(SECRET),
        Optional.empty());
  }

  private Answer ask(URI url, Duration timeout) {
    PrometheusSettings settings = settings(url, timeout);
    try (QueryApi api = new QueryApi(settings, new PrometheusMeters(registry), () -> now)) {
      return api.ask("up", Optional.empty());
    }
  }

  private Answer ask() {
    return ask(fake.url(), Duration.ofSeconds(10));
  }

  private Answer.Unknown unknown(Result expected, Answer answer) {
    Answer.Unknown unknown = assertInstanceOf(Answer.Unknown.class, answer);
    assertEquals(expected, unknown.result(), unknown.why());
    assertFalse(unknown.why().contains("s3cr3t"), unknown.why());
    assertEquals(
        1,
        registry.get("belay.prometheus.queries").tag("result", expected.tag()).counter().count());
    return unknown;
  }

  @Test
  void asksByPostWithWhatProvesWhoAsks() {
    PrometheusSettings settings = settings(fake.url(), Duration.ofSeconds(3));
    try (QueryApi api = new QueryApi(settings, new PrometheusMeters(registry), () -> now)) {
      api.ask("sum(a{b=\"c & d\"})", Optional.of(Instant.parse("2026-01-02T03:04:05.678Z")));
    }
    assertEquals("sum(a{b=\"c & d\"})", fake.asked().getFirst().get("query"));
    assertEquals("1767323045.678", fake.asked().getFirst().get("time"));
    assertEquals("3000ms", fake.asked().getFirst().get("timeout"));
    assertEquals(List.of(SECRET), fake.authorizations());
    assertFalse(settings.toString().contains("s3cr3t"));
  }

  /** What a rate has in the last minute is nothing where that minute is yet to come. */
  @Test
  void aMomentOfAClockThatIsFarFromPrometheussIsUnknown() {
    for (Duration off : List.of(Duration.ofMinutes(2), Duration.ofMinutes(-2))) {
      now = Instant.now().plus(off);
      fake.otherwise(200, FakePrometheus.vector("", "1"));
      PrometheusSettings settings = settings(fake.url(), Duration.ofSeconds(10));
      try (QueryApi api = new QueryApi(settings, new PrometheusMeters(registry), () -> now)) {
        Answer.Unknown askew =
            assertInstanceOf(Answer.Unknown.class, api.ask("up", Optional.of(now)));
        assertEquals(Result.ASKEW, askew.result());
        assertTrue(askew.why().contains("have both set by NTP"), askew.why());
        assertTrue(askew.why().contains(off.isNegative() ? "behind" : "ahead of"), askew.why());
        assertInstanceOf(Answer.Series.class, api.ask("up", Optional.empty()), "by its own clock");
      }
    }
  }

  @Test
  void readsSeriesWithEveryKindOfNumber() {
    fake.otherwise(
        200,
        FakePrometheus.vector(
            "\"a\":\"1\"",
            "0.25",
            "\"a\":\"2\"",
            "NaN",
            "\"a\":\"3\"",
            "+Inf",
            "\"a\":\"4\"",
            "-Inf",
            "",
            "1e-3"));
    Answer.Series series = assertInstanceOf(Answer.Series.class, ask());
    assertEquals(
        List.of(0.25, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 0.001),
        series.samples().stream().map(Sample::value).toList());
    assertEquals(Labels.of("a", "1"), series.samples().getFirst().labels());
    assertEquals(Labels.NONE, series.samples().getLast().labels());
  }

  @Test
  void aScalarIsOneSeriesWithoutLabels() {
    fake.otherwise(
        200,
        "{\"status\":\"success\",\"data\":{\"resultType\":\"scalar\",\"result\":[1.5,\"7\"]}}");
    Answer.Series series = assertInstanceOf(Answer.Series.class, ask());
    assertEquals(List.of(new Sample(Labels.NONE, 7)), series.samples());
  }

  @Test
  void whatAddsToAnAnswerIsNoWarning() {
    fake.otherwise(
        200, FakePrometheus.NOTHING.replace("{\"status\"", "{\"infos\":[\"i\"],\"status\""));
    assertInstanceOf(Answer.Series.class, ask());
  }

  @Test
  void aWarningMakesItIncomplete() {
    fake.otherwise(
        200,
        FakePrometheus.vector("", "1")
            .replace("{\"status\"", "{\"warnings\":[\"store 2 is away\\nforge\"],\"status\""));
    assertTrue(unknown(Result.INCOMPLETE, ask()).why().endsWith(": store 2 is away?forge"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "<html>",
        "[]",
        "{}",
        "{\"status\":\"error\"}",
        "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":{}}}",
        "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[{}]}}",
        "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[{\"metric\":{},"
            + "\"value\":[1,\"many\"]}]}}",
        "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[{\"metric\":{},\"val",
      })
  void whatIsNoAnswerIsUnreadable(String body) {
    fake.otherwise(200, body);
    unknown(Result.UNREADABLE, ask());
  }

  @Test
  void jsonMadeToExhaustIsUnreadable() {
    fake.otherwise(200, "[".repeat(100_000));
    unknown(Result.UNREADABLE, ask());
  }

  @ParameterizedTest
  @ValueSource(strings = {"matrix", "string", ""})
  void whatIsNoVectorIsABadQuery(String type) {
    fake.otherwise(
        200,
        "{\"status\":\"success\",\"data\":{\"resultType\":\"" + type + "\",\"result\":[1,\"7\"]}}");
    unknown(Result.BAD_QUERY, ask());
  }

  @Test
  void aHistogramIsNoNumber() {
    fake.otherwise(
        200,
        FakePrometheus.vector("", "1")
            .replace("\"value\":[1700000000.123,\"1\"]", "\"histogram\":[1,{}]"));
    unknown(Result.BAD_QUERY, ask());
  }

  @ParameterizedTest
  @CsvSource({
    "400, BAD_QUERY, parse error here",
    "422, BAD_QUERY, parse error here",
    "401, REFUSED, check the token",
    "403, REFUSED, check the token",
    "404, REFUSED, check the path",
    "302, REFUSED, check the path",
    "429, FAILED, parse error here",
    "500, FAILED, parse error here",
    "503, FAILED, parse error here",
  })
  void anErrorIsUnknownWithItsRemedy(int status, Result expected, String said) {
    fake.otherwise(
        status, "{\"status\":\"error\",\"errorType\":\"x\",\"error\":\"parse error here\"}");
    String why = unknown(expected, ask()).why();
    assertTrue(why.contains(said), why);
  }

  @Test
  void anErrorThatExplainsNothingIsUnknownToo() {
    fake.otherwise(502, "<html>bad gateway</html>");
    assertTrue(unknown(Result.FAILED, ask()).why().endsWith("fails (HTTP 502); see its own log"));
  }

  @Test
  void anAnswerThatDoesNotComeIsLate() {
    fake.hangAt("up");
    unknown(Result.LATE, ask(fake.url(), SHORT));
  }

  @Test
  void anAnswerThatBeginsAndDoesNotEndIsLate() throws IOException {
    try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Thread serving =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try (Socket socket = server.accept()) {
                      socket
                          .getOutputStream()
                          .write(
                              "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"
                                  .getBytes(StandardCharsets.US_ASCII));
                      socket.getOutputStream().flush();
                      // Ends with the other side.
                      socket.getInputStream().transferTo(java.io.OutputStream.nullOutputStream());
                    } catch (IOException e) {
                      // The other side has gone.
                    }
                  });
      unknown(Result.LATE, ask(URI.create("http://127.0.0.1:" + server.getLocalPort()), SHORT));
      serving.interrupt();
    }
  }

  @Test
  void anAnswerBeyondTheBoundIsNotRead() {
    fake.otherwise(200, " ".repeat(QueryApi.LARGEST + 1));
    String why = unknown(Result.UNREADABLE, ask()).why();
    assertTrue(why.startsWith("the answer is larger than"), why);
  }

  @Test
  void nobodyThereIsSaidWithTheRemedy() {
    URI url = fake.url();
    fake.close();
    String why = unknown(Result.UNREACHABLE, ask(url, Duration.ofSeconds(5))).why();
    assertTrue(why.contains("check prometheus.url"), why);
  }

  @Test
  void aConnectionThatBreaksIsUnreachable() throws IOException {
    try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual()
          .start(
              () -> {
                try {
                  server.accept().close();
                } catch (IOException e) {
                  // The test is over.
                }
              });
      URI url = URI.create("http://127.0.0.1:" + server.getLocalPort());
      unknown(Result.UNREACHABLE, ask(url, Duration.ofSeconds(5)));
    }
  }
}
