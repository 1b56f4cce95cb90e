package dev.belay.intake;

import dev.belay.core.release.Release;
import dev.belay.core.release.Release.Change;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Belay's own small JSON, for pipelines that speak no standard. {@code id}, {@code source} and
 * {@code service} are required; {@code change} is deployed unless it says otherwise; without any
 * time it is done now; with only {@code startedAt} it is under way.
 */
final class SimpleRelease {
  private static final List<String> KNOWN =
      List.of(
          "id",
          "source",
          "service",
          "environment",
          "change",
          "version",
          "image",
          "startedAt",
          "finishedAt",
          "actor");

  private SimpleRelease() {}

  /**
   * Reads a body.
   *
   * @param envelope what a CloudEvent around it says: its id and source stand in for the body's
   */
  static Parsed parse(Fields body, CloudEvent.Envelope envelope, Instant receivedAt) {
    body.only(KNOWN);
    Optional<Instant> started = body.time("startedAt", receivedAt);
    Optional<Instant> finished =
        body.time("finishedAt", receivedAt)
            .or(() -> started.isPresent() ? Optional.empty() : Optional.of(receivedAt));
    Instant startedAt = started.or(() -> finished).orElse(receivedAt);
    if (finished.filter(startedAt::isAfter).isPresent()) {
      throw Fields.invalid("the field \"finishedAt\" is before \"startedAt\"");
    }
    return Releases.taken(
        new Release(
            body.optional("id").or(envelope::id).orElseGet(() -> body.required("id")),
            body.optional("source").or(envelope::source).orElseGet(() -> body.required("source")),
            body.required("service"),
            body.optional("environment").orElse(""),
            change(body),
            body.optional("version"),
            body.optional("image"),
            startedAt,
            finished,
            body.optional("actor")));
  }

  private static Change change(Fields body) {
    return switch (body.optional("change").orElse("deployed")) {
      case "deployed" -> Change.DEPLOYED;
      case "upgraded" -> Change.UPGRADED;
      case "rolledback" -> Change.ROLLED_BACK;
      case "removed" -> Change.REMOVED;
      default ->
          throw Fields.invalid(
              "the field \"change\" must be one of deployed, upgraded, rolledback, removed");
    };
  }
}
