package dev.belay.notify;

import java.net.URI;

/**
 * How to reach a service of PagerDuty.
 *
 * @param endpoint where the Events API v2 is: {@code https://events.pagerduty.com/v2/}
 * @param routingKey the integration key, 32 characters
 * @param source what PagerDuty shows as the source: which Belay it is
 */
public record PagerDutySettings(URI endpoint, String routingKey, String source) {
  /** PagerDuty's own. */
  public static final URI PAGER_DUTY = URI.create("https://events.pagerduty.com/v2/");

  private static final int LONGEST_SOURCE = 200;

  /**
   * Checks.
   *
   * @throws IllegalArgumentException which names the setting and what it should be; it holds no key
   */
  public PagerDutySettings {
    if (!endpoint.toString().endsWith("/")) {
      endpoint = URI.create(endpoint + "/");
    }
    Endpoint.safe(endpoint, "PagerDuty's");
    if (!routingKey.matches("[A-Za-z0-9]{32}")) {
      throw new IllegalArgumentException(
          "the routing key must be the 32 letters and digits of an integration of type Events API"
              + " v2");
    }
    if (source.isBlank() || source.length() > LONGEST_SOURCE) {
      throw new IllegalArgumentException(
          "the source must have 1 to " + LONGEST_SOURCE + " characters");
    }
  }

  @Override
  public String toString() {
    return "PagerDutySettings[" + endpoint + ", " + source + "]";
  }
}
