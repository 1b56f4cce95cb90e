package dev.belay.journal;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Ties every row to all rows before it, so that none can change, go missing or change places
 * unnoticed. Not safe for use by many threads.
 */
final class HashChain {
  private static final int HASH_BYTES = 32;

  private final MessageDigest digest = sha256();
  private final ByteBuffer numbers = ByteBuffer.allocate(2 * Long.BYTES);

  /** What stands before the first row. */
  static byte[] beginning() {
    return new byte[HASH_BYTES];
  }

  /**
   * SHA-256 over the previous hash, the two numbers as 8 bytes each with the highest first, and the
   * content.
   */
  byte[] next(byte[] previous, long seq, long micros, byte[] content) {
    digest.update(previous);
    digest.update(numbers.clear().putLong(seq).putLong(micros).flip());
    return digest.digest(content);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
