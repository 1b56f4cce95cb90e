package dev.belay.intake.slack;

import dev.belay.intake.SigningKeys;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Slack's signature, version {@code v0}: HMAC-SHA-256 over time and body (docs.slack.dev, verifying
 * requests). It is good for five minutes, behind and ahead of Belay's clock, and once. Safe for use
 * by many threads.
 */
final class SlackSignature {
  private static final String SCHEME = "v0=";
  private static final Duration AGE = Duration.ofMinutes(5);
  private static final Pattern SECONDS = Pattern.compile("[0-9]{1,12}");
  private static final int SEEN_AT_MOST = 10_000;

  private final SigningKeys keys;

  /** What was good lately, and when that was signed. */
  private final Map<String, Instant> seen = new LinkedHashMap<>();

  SlackSignature(List<String> secrets) {
    this.keys = new SigningKeys(secrets);
  }

  /**
   * Whether Slack signed the body just now; a second time it is not good any more.
   *
   * @param timestamp the header {@code X-Slack-Request-Timestamp}
   * @param signature the header {@code X-Slack-Signature}
   */
  boolean right(String timestamp, String signature, byte[] body, Instant now) {
    if (!SECONDS.matcher(timestamp).matches() || !signature.startsWith(SCHEME)) {
      return false;
    }
    Instant signed = Instant.ofEpochSecond(Long.parseLong(timestamp));
    if (Duration.between(signed, now).abs().compareTo(AGE) > 0) {
      return false;
    }
    byte[] presented = SigningKeys.signature(signature.substring(SCHEME.length()));
    byte[] prefix = ("v0:" + timestamp + ":").getBytes(StandardCharsets.UTF_8);
    return keys.made(presented, prefix, body)
        && first(HexFormat.of().formatHex(presented), signed, now);
  }

  private synchronized boolean first(String signature, Instant signed, Instant now) {
    seen.values().removeIf(at -> Duration.between(at, now).compareTo(AGE) > 0);
    if (seen.size() >= SEEN_AT_MOST) {
      // So many presses in so short a time are none of people.
      return false;
    }
    return seen.putIfAbsent(signature, signed) == null;
  }
}
