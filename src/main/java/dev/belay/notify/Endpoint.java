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
    String host = address.getHost() == null ? "" : address.getHost().toLowerCase(Locale.ROOT);
    boolean here =
        host.equals("localhost")
            || host.equals("[::1]")
            || host.matches("127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}");
    boolean safe =
        "https".equals(address.getScheme()) || ("http".equals(address.getScheme()) && here);
    if (!safe || host.isEmpty() || address.getUserInfo() != null) {
      throw new IllegalArgumentException(
          whose + " address must begin with https://, without a user, as a secret travels along");
    }
    return address;
  }
}
