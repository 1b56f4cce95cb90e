package dev.belay.intake.slack;

import dev.belay.core.incident.Answer;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How presses of buttons come in from Slack.
 *
 * @param api where Slack's Web API is, ending in a slash
 * @param appToken the app-level token of Socket Mode, with the scope {@code connections:write};
 *     empty: no connection is opened
 * @param signingSecrets the secrets with which Slack signs requests to {@code /webhooks/slack},
 *     several while they are rotated; none: there is no such door
 * @param allowed who may answer what; who is not named may not
 */
public record SlackIntake(
    URI api, Optional<String> appToken, List<String> signingSecrets, Map<Answer, Allowed> allowed) {
  /** Takes copies. */
  public SlackIntake {
    signingSecrets = List.copyOf(signingSecrets);
    allowed = Map.copyOf(allowed);
  }

  Allowed allowed(Answer answer) {
    return allowed.getOrDefault(answer, Allowed.NOBODY);
  }

  @Override
  public String toString() {
    return "SlackIntake[socketMode=" + appToken.isPresent() + ", allowed=" + allowed + "]";
  }
}
