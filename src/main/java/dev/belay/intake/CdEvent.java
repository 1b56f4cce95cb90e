package dev.belay.intake;

import dev.belay.core.release.Release;
import dev.belay.core.release.Release.Change;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * CDEvents of the specifications 0.1 to 0.5, which differ, for our purpose, only in the name of the
 * key that holds the version. A service's {@code deployed}, {@code upgraded}, {@code rolledback}
 * and {@code removed} are releases; {@code published}, and every event about something else, be it
 * of a vocabulary that is newer, is irrelevant.
 */
final class CdEvent {
  private static final Pattern TYPE =
      Pattern.compile(
          "dev\\.cdevents\\.([a-z]+)\\.([a-z]+)\\.\\d+\\.\\d+\\.\\d+(?:-[a-zA-Z0-9.]+)?");

  private static final String CUSTOM = "dev.cdeventsx.";

  private CdEvent() {}

  /** Whether a body is one: it has {@code context.type}. */
  static boolean is(Fields body) {
    return body.optionalObject("context").filter(context -> context.has("type")).isPresent();
  }

  static Parsed parse(Fields body, Instant receivedAt) {
    Fields context = body.object("context");
    String type = context.required("type");
    if (type.startsWith(CUSTOM)) {
      return new Parsed.Ignored(Parsed.Ignorance.IRRELEVANT);
    }
    Matcher parts = TYPE.matcher(type);
    if (!parts.matches()) {
      throw Fields.invalid(
          "the field \"context.type\" is no CDEvents type, such as"
              + " dev.cdevents.service.deployed.0.3.0");
    }
    if (!parts.group(1).equals("service")) {
      return new Parsed.Ignored(Parsed.Ignorance.IRRELEVANT);
    }
    return switch (parts.group(2)) {
      case "deployed" -> release(body, context, Change.DEPLOYED, receivedAt);
      case "upgraded" -> release(body, context, Change.UPGRADED, receivedAt);
      case "rolledback" -> release(body, context, Change.ROLLED_BACK, receivedAt);
      case "removed" -> release(body, context, Change.REMOVED, receivedAt);
      case "published" -> new Parsed.Ignored(Parsed.Ignorance.IRRELEVANT);
      default ->
          throw Fields.invalid(
              "the field \"context.type\" names an unknown event of a service; known are deployed,"
                  + " upgraded, rolledback, removed and published");
    };
  }

  private static Parsed release(Fields body, Fields context, Change change, Instant receivedAt) {
    if (context.optional("specversion").or(() -> context.optional("version")).isEmpty()) {
      throw Fields.invalid(
          "the field \"context.specversion\" (before CDEvents 0.5: \"context.version\") is"
              + " missing");
    }
    Fields subject = body.object("subject");
    Optional<Fields> content = subject.optionalObject("content");
    Optional<PackageUrl> artifact =
        content.flatMap(found -> found.optional("artifactId")).map(PackageUrl::parse);
    Optional<Fields> custom = body.optionalObject("customData");
    Instant finishedAt =
        context
            .time("timestamp", receivedAt)
            .orElseThrow(() -> Fields.invalid("the field \"context.timestamp\" is missing"));
    Instant startedAt =
        custom.flatMap(found -> found.time("startedAt", receivedAt)).orElse(finishedAt);
    return Releases.taken(
        new Release(
            context.required("id"),
            context.required("source"),
            subject.required("id"),
            content
                .flatMap(found -> found.optionalObject("environment"))
                .flatMap(found -> found.optional("id"))
                .orElse(""),
            change,
            custom
                .flatMap(found -> found.optional("version"))
                .or(() -> artifact.flatMap(PackageUrl::version)),
            custom
                .flatMap(found -> found.optional("image"))
                .or(() -> artifact.flatMap(PackageUrl::image)),
            startedAt.isAfter(finishedAt) ? finishedAt : startedAt,
            Optional.of(finishedAt),
            custom.flatMap(found -> found.optional("actor"))));
  }
}
