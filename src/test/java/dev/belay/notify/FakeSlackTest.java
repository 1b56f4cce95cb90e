package dev.belay.notify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The fake refuses what Slack refuses; else tests against it would prove nothing. */
class FakeSlackTest {
  private final FakeSlack slack = FakeSlack.start();
  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

  @AfterEach
  void close() {
    http.close();
    slack.close();
  }

  private JsonNode call(String method, String token, String json) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(slack.endpoint() + method))
            .timeout(Duration.ofSeconds(10))
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/json; charset=utf-8")
            .POST(HttpRequest.BodyPublishers.ofString(json, StandardCharsets.UTF_8))
            .build();
    String body = http.send(request, HttpResponse.BodyHandlers.ofString()).body();
    return JsonMapper.shared().readTree(body);
  }

  private String post(String text, List<String> blocks) throws Exception {
    JsonNode answer =
        call(
            "chat.postMessage",
            FakeSlack.TOKEN,
            "{\"channel\":\"C0BELAY01\",\"text\":\"%s\",\"blocks\":[%s]}"
                .formatted(text, String.join(",", blocks)));
    return answer.path("error").asString("ok");
  }

  private static String header(String type, int length) {
    return "{\"type\":\"header\",\"text\":{\"type\":\"%s\",\"text\":\"%s\"}}"
        .formatted(type, "x".repeat(length));
  }

  private static String section(int length) {
    return "{\"type\":\"section\",\"text\":{\"type\":\"mrkdwn\",\"text\":\"%s\"}}"
        .formatted("x".repeat(length));
  }

  @Test
  void takesFiftyBlocksAndRefusesFiftyOne() throws Exception {
    assertEquals("ok", post("t", Collections.nCopies(50, section(1))));
    assertEquals("invalid_blocks", post("t", Collections.nCopies(51, section(1))));
  }

  @ParameterizedTest
  @CsvSource({"3000, ok", "3001, invalid_blocks", "0, invalid_blocks"})
  void limitsASection(int length, String answer) throws Exception {
    assertEquals(answer, post("t", List.of(section(length))));
  }

  @ParameterizedTest
  @CsvSource({
    "plain_text, 150, ok",
    "plain_text, 151, invalid_blocks",
    "plain_text, 0, invalid_blocks",
    "mrkdwn, 1, invalid_blocks"
  })
  void limitsAHeader(String type, int length, String answer) throws Exception {
    assertEquals(answer, post("t", List.of(header(type, length))));
  }

  @Test
  void limitsAllBlocksTogether() throws Exception {
    assertEquals("ok", post("t", Collections.nCopies(4, section(3000))));
    assertEquals("msg_blocks_too_long", post("t", Collections.nCopies(5, section(3000))));
  }

  @ParameterizedTest
  @CsvSource({"40000, ok", "40001, msg_too_long", "0, no_text"})
  void limitsTheText(int length, String answer) throws Exception {
    assertEquals(answer, post("x".repeat(length), List.of()));
  }

  @Test
  void anUpdateTakesLessTextThanAPost() throws Exception {
    assertEquals("ok", post("t", List.of()));
    String ts = slack.messages().getFirst().ts();
    String update = "{\"channel\":\"C0BELAY01\",\"ts\":\"%s\",\"text\":\"%s\"}";

    assertTrue(
        call("chat.update", FakeSlack.TOKEN, update.formatted(ts, "x".repeat(4000)))
            .path("ok")
            .asBoolean());
    assertEquals(
        "msg_too_long",
        call("chat.update", FakeSlack.TOKEN, update.formatted(ts, "x".repeat(4001)))
            .path("error")
            .asString());
  }

  @Test
  void refusesAWrongToken() throws Exception {
    assertEquals(
        "invalid_auth", call("chat.postMessage", "xoxb-other", "{}").path("error").asString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"#incidents", "C0BELAY01"})
  void knowsItsChannelByIdAndName(String channel) throws Exception {
    assertTrue(
        call(
                "chat.postMessage",
                FakeSlack.TOKEN,
                "{\"channel\":\"%s\",\"text\":\"t\"}".formatted(channel))
            .path("ok")
            .asBoolean());
  }

  @Test
  void refusesAnotherChannel() throws Exception {
    assertEquals(
        "channel_not_found",
        call("chat.postMessage", FakeSlack.TOKEN, "{\"channel\":\"C9\",\"text\":\"t\"}")
            .path("error")
            .asString());
  }

  @Test
  void hangsThreadsOnParentsOnly() throws Exception {
    String reply = "{\"channel\":\"C0BELAY01\",\"text\":\"t\",\"thread_ts\":\"%s\"}";
    post("t", List.of());
    call("chat.postMessage", FakeSlack.TOKEN, reply.formatted(slack.messages().getFirst().ts()));

    assertEquals(2, slack.messages().size());
    assertEquals(
        "thread_not_found",
        call("chat.postMessage", FakeSlack.TOKEN, reply.formatted(slack.messages().getLast().ts()))
            .path("error")
            .asString());
  }
}
