package dev.belay.core.remediation;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The idempotency key of one action: whatever happens, it takes effect at most once. It is written
 * to the cluster in the same request as the change, so that a look at the cluster tells whether it
 * took effect.
 *
 * @param value 16 lower-case hexadecimal digits
 */
public record ActionId(String value) {
  private static final int HEX_LENGTH = 16;

  /**
   * The id of an action, from all that tells it from others.
   *
   * @param journal what tells the journal that counts the incidents from every other, or empty
   * @param incident what tells the incident from every other of that journal, whatever became of it
   */
  public static ActionId of(
      String journal, String incident, String remediation, int step, String what) {
    String from = journal.isEmpty() ? "" : journal + '\n';
    String text = from + incident + '\n' + remediation + '\n' + step + '\n' + what;
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return new ActionId(HexFormat.of().formatHex(hash).substring(0, HEX_LENGTH));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
