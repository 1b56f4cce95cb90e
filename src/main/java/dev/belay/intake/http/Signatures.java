package dev.belay.intake.http;

import dev.belay.core.release.Shipper;
import dev.belay.intake.SigningKeys;
import io.vertx.core.http.HttpServerRequest;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Senders that sign what they send: {@code sha256=} and the hexadecimal HMAC-SHA-256 of the body in
 * a header.
 */
final class Signatures {
  private static final String SCHEME = "sha256=";

  /** Argo CD cannot sign. */
  private static final Map<Shipper, String> HEADERS =
      Map.of(Shipper.FLUX, "X-Signature", Shipper.GITHUB, "X-Hub-Signature-256");

  private final Map<Shipper, SigningKeys> keys = new EnumMap<>(Shipper.class);

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
          if (texts.stream().anyMatch(String::isBlank)) {
            throw new IllegalArgumentException("a secret of " + by.key() + " is empty");
          }
          keys.put(by, new SigningKeys(texts));
        });
  }

  /** The header that holds the signature, where this one signs. */
  Optional<String> header(Shipper by) {
    return keys.containsKey(by) ? Optional.ofNullable(HEADERS.get(by)) : Optional.empty();
  }

  /** Whether the body was signed with one of the secrets. */
  boolean right(Shipper by, HttpServerRequest request, byte[] body) {
    String text = header(by).map(request::getHeader).orElse("");
    return text.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
        && Optional.ofNullable(keys.get(by))
            .filter(its -> its.made(SigningKeys.signature(text.substring(SCHEME.length())), body))
            .isPresent();
  }
}
