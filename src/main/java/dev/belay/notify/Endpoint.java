package dev.belay.notify;

import java.net.URI;
import java.util.Locale;

/** Addresses to which secrets travel. */
final class Endpoint {
  private Endpoint() {}

  /**
   * Checks that it begins with {@code https://}, or names this machine, and holds no user.
   *
   * @param whose for people: {@code PagerDuty's}
   * @throws IllegalArgumentException which says what the address should be
   */
  static URI safe(URI address, String whose) {
    if (!keepsSecrets(address) || address.getHost() == null || address.getUserInfo() != null) {
      throw new IllegalArgumentException(
          whose + " address must begin with https://, without a user, as a secret travels along");
    }
    return address;
  }

  /** Whether nobody on the way reads what travels there. */
  static boolean keepsSecrets(URI address) {
    return "https".equals(address.getScheme())
        || ("http".equals(address.getScheme()) && local(address));
  }

  /** Whether it names this machine. */
  static boolean local(URI address) {
    String host = address.getHost() == null ? "" : address.getHost().toLowerCase(Locale.ROOT);
    // Only literals: a name could lead anywhere.
    return host.equals("localhost")
        || host.equals("[::1]")
        || host.matches("127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}");
  }
}
