package dev.belay.intake;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Secrets of which any may have signed something by HMAC-SHA-256, so that they can be rotated.
 * Every one is tried, and compared in constant time. Safe for use by many threads.
 */
public final class SigningKeys {
  private static final String ALGORITHM = "HmacSHA256";
  private static final byte[] NOTHING = new byte[0];

  private final List<SecretKeySpec> keys;

  /**
   * Those secrets.
   *
   * @throws IllegalArgumentException where one is empty
   */
  public SigningKeys(List<String> secrets) {
    keys =
        secrets.stream()
            .map(secret -> new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM))
            .toList();
  }

  /**
   * What a signature says in hexadecimal digits; nothing, which is never right, for what is none.
   */
  public static byte[] signature(String hex) {
    try {
      return HexFormat.of().parseHex(hex);
    } catch (IllegalArgumentException notHex) {
      return NOTHING;
    }
  }

  /** Whether one of the secrets made this signature of the pieces, one after another. */
  public boolean made(byte[] signature, byte[]... pieces) {
    boolean made = false;
    for (SecretKeySpec key : keys) {
      made |= MessageDigest.isEqual(hmac(key, pieces), signature);
    }
    return made;
  }

  private static byte[] hmac(SecretKeySpec key, byte[]... pieces) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      for (byte[] piece : pieces) {
        mac.update(piece);
      }
      return mac.doFinal();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HMAC-SHA-256", e);
    }
  }
}
