package dev.belay.notify;

import java.net.URI;
import java.util.List;

/**
 * Where a webhook of others takes notices.
 *
 * @param address {@code https} or {@code http}; the body is signed and holds no secret
 * @param secrets with each of which it is signed, several while they are rotated; at least one
 */
public record WebhookSettings(URI address, List<String> secrets) {
  private static final int SHORTEST = 16;

  /**
   * Checks.
   *
   * @throws IllegalArgumentException which says what to change; it holds no secret
   */
  public WebhookSettings {
    secrets = List.copyOf(secrets);
    if (secrets.isEmpty() || secrets.stream().anyMatch(secret -> secret.length() < SHORTEST)) {
      throw new IllegalArgumentException(
          "the webhook needs a secret of at least " + SHORTEST + " characters to sign with");
    }
  }

  @Override
  public String toString() {
    return "WebhookSettings[" + address.getHost() + "]";
  }
}
