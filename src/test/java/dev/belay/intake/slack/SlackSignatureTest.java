package dev.belay.intake.slack;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class SlackSignatureTest {
  // The example of docs.slack.dev, "Verifying requests from Slack".
  private static final String SECRET = "8f742231b10e8888abcd99yyyzzz85a5";
  private static final String TIMESTAMP = "1531420618";
  private static final String BODY =
      "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V"
          + "&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect"
          + "&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554"
          + "%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce"
          + "8b6703c";
  private static final String SIGNATURE =
      "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503";
  private static final Instant SIGNED = Instant.ofEpochSecond(1531420618);

  private static boolean right(String secret, String signature, String body, long late) {
    return new SlackSignature(List.of("another", secret))
        .right(
            TIMESTAMP, signature, body.getBytes(StandardCharsets.UTF_8), SIGNED.plusSeconds(late));
  }

  @Test
  void slacksOwnExampleIsRight() {
    assertTrue(right(SECRET, SIGNATURE, BODY, 0));
  }

  @Test
  void anotherSecretOrBodyOrSignatureIsNot() {
    assertFalse(right("8f742231b10e8888abcd99yyyzzz85a6", SIGNATURE, BODY, 0));
    assertFalse(right(SECRET, SIGNATURE, BODY.replace("%2F", "/"), 0), "encoded anew");
    assertFalse(right(SECRET, SIGNATURE.replace("a2", "a3"), BODY, 0));
    assertFalse(right(SECRET, SIGNATURE.substring(3), BODY, 0));
    assertFalse(right(SECRET, "v0=nonsense", BODY, 0));
    assertFalse(right(SECRET, "", BODY, 0));
  }

  @Test
  void isGoodForFiveMinutesBehindAndAhead() {
    assertTrue(right(SECRET, SIGNATURE, BODY, 300));
    assertFalse(right(SECRET, SIGNATURE, BODY, 301));
    assertTrue(right(SECRET, SIGNATURE, BODY, -300));
    assertFalse(right(SECRET, SIGNATURE, BODY, -301), "signed in the future");
  }

  @Test
  void isGoodOnce() {
    SlackSignature signature = new SlackSignature(List.of(SECRET));
    byte[] body = BODY.getBytes(StandardCharsets.UTF_8);
    assertTrue(signature.right(TIMESTAMP, SIGNATURE, body, SIGNED));
    assertFalse(signature.right(TIMESTAMP, SIGNATURE, body, SIGNED.plusSeconds(1)));
    assertFalse(
        signature.right(
            TIMESTAMP,
            SIGNATURE.toUpperCase(java.util.Locale.ROOT).replace("V0", "v0"),
            body,
            SIGNED),
        "the same in other letters");
  }

  @Test
  void aTimestampThatIsNoneIsWrong() {
    SlackSignature signature = new SlackSignature(List.of(SECRET));
    for (String odd : List.of("", "x", "-1531420618", "99999999999999999999", "1531420618.0")) {
      assertFalse(signature.right(odd, SIGNATURE, new byte[0], SIGNED), odd);
    }
  }
}
