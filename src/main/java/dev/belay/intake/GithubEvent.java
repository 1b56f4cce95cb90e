package dev.belay.intake;

import dev.belay.core.release.Release;
import dev.belay.core.release.Release.Change;
import dev.belay.core.release.Shipment;
import dev.belay.core.release.Shipper;
import dev.belay.intake.Parsed.Ignorance;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * GitHub's webhooks. A deployment is a release from the moment that a status says it is in
 * progress: before that it may wait for hours, or for ever.
 */
final class GithubEvent {
  private GithubEvent() {}

  /**
   * Reads a body.
   *
   * @param event what the header {@code X-GitHub-Event} says
   */
  static Parsed parse(String event, Fields body, Instant receivedAt) {
    return switch (event) {
      case "" ->
          throw new RefusedBody(
              Parsed.Refusal.UNRECOGNIZED,
              "the header X-GitHub-Event is missing: this door is for GitHub's webhooks");
      case "ping" -> Releases.ignored(Ignorance.IRRELEVANT, "Belay hears this webhook");
      case "deployment" ->
          Releases.ignored(
              Ignorance.NOTHING_SHIPPED,
              "a deployment that was created has not begun; deployment_status says when it does");
      case "deployment_status" -> status(body, receivedAt);
      default ->
          Releases.ignored(
              Ignorance.IRRELEVANT,
              OneLine.of(event)
                  + " says nothing of a release; have the webhook send deployment_status");
    };
  }

  private static Parsed status(Fields body, Instant receivedAt) {
    Fields status = body.object("deployment_status");
    Fields deployment = body.object("deployment");
    if (deployment.node().path("transient_environment").asBoolean(false)) {
      return Releases.ignored(
          Ignorance.IRRELEVANT, "an environment that comes and goes is not the service's");
    }
    String state = status.required("state");
    return switch (state) {
      case "in_progress" -> Releases.taken(shipment(body, deployment, status, false, receivedAt));
      case "success" -> Releases.taken(shipment(body, deployment, status, true, receivedAt));
      case "failure", "error" ->
          Releases.ignored(
              Ignorance.NOTHING_SHIPPED,
              "the deployment ended with " + state + "; what it changed is seen in the cluster");
      case "pending", "queued", "waiting" ->
          Releases.ignored(Ignorance.NOTHING_SHIPPED, "the deployment has not begun: " + state);
      case "inactive" ->
          Releases.ignored(Ignorance.IRRELEVANT, "the deployment was replaced by another");
      default ->
          throw Fields.invalid(
              "the field \"deployment_status.state\" must be one of pending, queued, waiting,"
                  + " in_progress, success, failure, error, inactive");
    };
  }

  private static Shipment shipment(
      Fields body, Fields deployment, Fields status, boolean done, Instant receivedAt) {
    Fields repository = body.object("repository");
    String thing = repository.required("full_name").toLowerCase(Locale.ROOT);
    Instant at =
        status
            .time("created_at", receivedAt)
            .orElseThrow(
                () -> Fields.invalid("the field \"deployment_status.created_at\" is missing"));
    return new Shipment(
        Shipper.GITHUB,
        thing,
        repository.required("name"),
        Optional.empty(),
        Optional.empty(),
        Set.of(),
        false,
        new Release(
            deployment.number("id"),
            Shipper.GITHUB.key(),
            thing,
            status.optional("environment").or(() -> deployment.optional("environment")).orElse(""),
            Change.DEPLOYED,
            Optional.of(
                GitRevision.version(
                    deployment.optional("ref").orElse(""), deployment.required("sha"))),
            Optional.empty(),
            at,
            done ? Optional.of(at) : Optional.empty(),
            deployment.optionalObject("creator").flatMap(creator -> creator.optional("login"))));
  }
}
