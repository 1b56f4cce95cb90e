package dev.belay.intake.http;

import dev.belay.core.release.Shipper;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Senders that sign what they send: {@code sha256=} and the hexadecimal HMAC-SHA-256 of the body in
 * a header. Several secrets may be good at a time, so that they can be rotated; every one is tried,
 * and compared in constant time.
 */
final class Signatures {
  private static final String ALGORITHM = "HmacSHA256";
  private static final String SCHEME = "sha256=";

  /** Argo CD cannot sign. */
  private static final Map<Shipper, String> HEADERS =
      Map.of(Shipper.FLUX, "X-Signature", Shipper.GITHUB, "X-Hub-Signature-256");

  private final Map<Shipper, List<SecretKeySpec>> keys = new EnumMap<>(Shipper.class);

  /**
   * Those who sign.
   *
   * @throws IllegalArgumentException where a tool cannot sign, or a secret is blank
   */
  Signatures(Map<Shipper, List<String>> secrets) {
    secrets.forEach(
        (by, texts) -> {
          if (!HEADERS.containsKey(by) || texts.isEmpty()) {
            throw new IllegalArgumentException(by.key() + " cannot sign, or has no secret");
          }
          List<SecretKeySpec> specs = new ArrayList<>();
          for (String text : texts) {
            if (text.isBlank()) {
              throw new IllegalArgumentException("a secret of " + by.key() + " is empty");
            }
            specs.add(new SecretKeySpec(text.getBytes(StandardCharsets.UTF_8), ALGORITHM));
          }
          keys.put(by, List.copyOf(specs));
        });
  }

  /** The header that holds the signature, where this one signs. */
  Optional<String> header(Shipper by) {
    return keys.containsKey(by) ? Optional.ofNullable(HEADERS.get(by)) : Optional.empty();
  }

  /** Whether the body was signed with one of the secrets. */
  boolean right(Shipper by, HttpServerRequest request, byte[] body) {
    byte[] presented = presented(by, request);
    boolean right = false;
    for (SecretKeySpec key : keys.getOrDefault(by, List.of())) {
      right |= MessageDigest.isEqual(hmac(key, body), presented);
    }
    return right;
  }

  private byte[] presented(Shipper by, HttpServerRequest request) {
    String text = header(by).map(request::getHeader).orElse("");
    if (!text.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return new byte[0];
    }
    try {
      return HexFormat.of().parseHex(text.substring(SCHEME.length()));
    } catch (IllegalArgumentException notHex) {
      return new byte[0];
    }
  }

  private static byte[] hmac(SecretKeySpec key, byte[] body) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      return mac.doFinal(body);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HMAC-SHA-256", e);
    }
  }
}
