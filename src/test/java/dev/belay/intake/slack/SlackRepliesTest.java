package dev.belay.intake.slack;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.URI;
import java.net.http.HttpClient;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SlackRepliesTest {
  private static final URI SLACK = URI.create("https://slack.com/api/");

  @ParameterizedTest
  @CsvSource({
    "https://hooks.slack.com/actions/T1/2/x, true",
    "https://HOOKS.slack.com:443/actions/T1/2/x, true",
    "https://hooks.slack-gov.com/actions/T1/2/x, true",
    "http://hooks.slack.com/actions/T1/2/x, false",
    "https://hooks.slack.com.evil.example/actions, false",
    "https://hooks.slack.com:8443/actions, false",
    "https://hooks.slack.com@evil.example/actions, false",
    "https://user@hooks.slack.com/actions, false",
    "https://169.254.169.254/latest/meta-data, false",
    "http://localhost:9096/api/v1/hold, false",
    "file:///etc/passwd, false",
    "actions/T1, false",
  })
  void wordsGoToSlackAndNowhereElse(String url, boolean goes) {
    try (HttpClient http = HttpClient.newHttpClient()) {
      assertEquals(goes, new SlackReplies(http, SLACK).slacks(URI.create(url)));
    }
  }
}
