package dev.belay.intake.slack;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Slack's signature, version {@code v0}: HMAC-SHA-256 over time and body (docs.slack.dev, verifying
 * requests). It is good for five minutes, behind and ahead of Belay's clock, and once. Several
 * secrets may be good at a time; every one is tried, in constant time. Safe for use by many
 * threads.
 */
final class SlackSignature {
  private static final String ALGORITHM = "HmacSHA256";
  private static final String SCHEME = "v0=";
  private static final Duration AGE = Duration.ofMinutes(5);
  private static final Pattern SECONDS = Pattern.compile("[0-9]{1,12}");
  private static final int SEEN_AT_MOST = 10_000;

  private final List<SecretKeySpec> keys;

  /** What was good lately, and when that was signed. */
  private final Map<String, Instant> seen = new LinkedHashMap<>();

  SlackSignature(List<String> secrets) {
    this.keys =
        secrets.stream()
            .map(secret -> new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM))
            .toList();
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
    byte[] presented;
    try {
      presented = HexFormat.of().parseHex(signature.substring(SCHEME.length()));
    } catch (IllegalArgumentException notHex) {
      return false;
    }
    boolean right = false;
    for (SecretKeySpec key : keys) {
      right |= MessageDigest.isEqual(hmac(key, timestamp, body), presented);
    }
    return right && first(HexFormat.of().formatHex(presented), signed, now);
  }

  private synchronized boolean first(String signature, Instant signed, Instant now) {
    seen.values().removeIf(at -> Duration.between(at, now).compareTo(AGE) > 0);
    if (seen.size() >= SEEN_AT_MOST) {
      // So many presses in so short a time are none of people.
      return false;
    }
    return seen.putIfAbsent(signature, signed) == null;
  }

  private static byte[] hmac(SecretKeySpec key, String timestamp, byte[] body) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      mac.update(("v0:" + timestamp + ":").getBytes(StandardCharsets.UTF_8));
      return mac.doFinal(body);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HMAC-SHA-256", e);
    }
  }
}
