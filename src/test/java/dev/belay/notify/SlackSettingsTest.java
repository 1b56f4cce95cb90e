package dev.belay.notify;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SlackSettingsTest {
  private static final String SECRET = "xoxb-1-secret";

  private static SlackSettings settings() {
    return SlackSettings.of(new SlackToken(SECRET.toCharArray()), "C0123456789");
  }

  @Test
  void theTokenShowsItselfToNobody() {
    assertFalse(settings().toString().contains(SECRET), settings().toString());
  }

  @Test
  void aTokenReadFromAFileMayEndInALineBreak() {
    assertEquals(SECRET, new SlackToken((" " + SECRET + "\r\n").toCharArray()).reveal());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "  \n", "xoxb-1\nsecret", "xoxb-secret\u00e9"})
  void whatCannotBeATokenIsRefusedWithoutShowingIt(String wrong) {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> new SlackToken(wrong.toCharArray()));
    assertTrue(refused.toString().contains("xoxb-"), refused.toString());
    assertFalse(refused.toString().contains("secret"), refused.toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://slack.com/api/",
        "http://localhost.evil.example/api/",
        "http://127.0.0.1.evil.example/api/",
        "ftp://slack.com/",
        "https://slack.com/api/?x=1",
        "https://user@slack.com/api/",
        "mailto:a@b"
      })
  void theTokenTravelsEncryptedOrStaysOnTheMachine(String endpoint) {
    assertThrows(
        IllegalArgumentException.class, () -> settings().withEndpoint(URI.create(endpoint)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://localhost:1/api/", "http://127.0.0.1:1/", "http://[::1]:1/"})
  void aFakeOnTheMachineNeedsNoEncryption(String endpoint) {
    assertDoesNotThrow(() -> settings().withEndpoint(URI.create(endpoint)));
  }

  @Test
  void theEndpointMayLackItsLastSlash() {
    assertEquals(
        URI.create("https://slack.example/api/"),
        settings().withEndpoint(URI.create("https://slack.example/api")).endpoint());
  }

  @Test
  void timeoutsAreBounded() {
    assertThrows(IllegalArgumentException.class, () -> settings().withCallTimeout(Duration.ZERO));
    assertThrows(
        IllegalArgumentException.class, () -> settings().withCallTimeout(Duration.ofMinutes(6)));
  }
}
