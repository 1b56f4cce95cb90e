package dev.belay.app.config;

import dev.belay.notify.MailSettings;
import dev.belay.notify.PagerDutySettings;
import dev.belay.notify.WebhookSettings;

/** Where people are told, besides the one channel of Slack or the terminal that always is. */
public sealed interface Channel {
  /** What steps of an escalation, metrics and the journal call it. */
  String name();

  /** A service of PagerDuty. */
  record PagerDuty(String name, PagerDutySettings settings) implements Channel {}

  /** A webhook of others, to which Belay signs what it sends. */
  record Webhook(String name, WebhookSettings settings) implements Channel {}

  /** Addresses. */
  record Mail(String name, MailSettings settings) implements Channel {}

  /**
   * Another channel of Slack, reached by the same app.
   *
   * @param channel its id, or its name with {@code #}
   */
  record Slack(String name, String channel) implements Channel {}
}
