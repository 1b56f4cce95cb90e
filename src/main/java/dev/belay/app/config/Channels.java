package dev.belay.app.config;

import dev.belay.intake.kafka.KafkaSettings;
import dev.belay.notify.MailSettings;
import dev.belay.notify.PagerDutySettings;
import dev.belay.notify.WebhookSettings;
import java.util.ArrayList;
import java.util.List;
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
  /** The names of all channels to people, and of that to Kafka where decisions are published. */
  List<String> names(boolean slack, Optional<KafkaSettings> kafka) {
    List<String> names = new ArrayList<>();
    names.add(slack ? "slack" : "terminal");
    pagerDuty.ifPresent(_ -> names.add("pagerduty"));
    webhook.ifPresent(_ -> names.add("webhook"));
    mail.ifPresent(_ -> names.add("mail"));
    kafka.flatMap(KafkaSettings::publish).ifPresent(_ -> names.add("kafka"));
    return List.copyOf(names);
  }

  /** Nowhere. */
  public static final Channels NONE =
      new Channels(Optional.empty(), Optional.empty(), Optional.empty());
}
