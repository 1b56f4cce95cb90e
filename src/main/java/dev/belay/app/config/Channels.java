package dev.belay.app.config;

import dev.belay.notify.MailSettings;
import dev.belay.notify.PagerDutySettings;
import dev.belay.notify.WebhookSettings;
import java.util.Optional;

/**
 * Where people are told besides Slack.
 *
 * @param pagerDuty a service of PagerDuty
 * @param webhook a webhook of others, to which Belay signs what it sends
 * @param mail addresses
 */
public record Channels(
    Optional<PagerDutySettings> pagerDuty,
    Optional<WebhookSettings> webhook,
    Optional<MailSettings> mail) {
  /** Nowhere. */
  public static final Channels NONE =
      new Channels(Optional.empty(), Optional.empty(), Optional.empty());
}
