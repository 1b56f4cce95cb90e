package dev.belay.intake;

import dev.belay.core.release.Release;
import dev.belay.core.release.Release.Change;
import dev.belay.core.release.Shipment;
import dev.belay.core.release.Shipper;
import dev.belay.core.release.Workload;
import dev.belay.intake.Parsed.Ignorance;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Events of Flux's controllers as the notification-controller's providers {@code generic} and
 * {@code generic-hmac} forward them.
 *
 * <p>A Kustomization tells of its changes while it applies them ({@code Progressing}, one line an
 * object), and then only that they hold: when its health checks pass, and again after every
 * interval ({@code ReconciliationSucceeded}). A HelmRelease tells of the end alone.
 */
final class FluxEvent {
  private static final String GROUPS = ".toolkit.fluxcd.io/";
  private static final String HEALTHY = "Health check passed";

  /** What the server-side apply says of each object that it changed. */
  private static final Pattern CHANGED =
      Pattern.compile("(?m)^[A-Za-z.]+/(?:[^/\\s]+/)?[^/\\s]+ (?:created|configured)$");

  private static final Pattern CHANGED_WORKLOAD =
      Pattern.compile(
          "(?m)^(Deployment|StatefulSet|DaemonSet|Rollout)/([^/\\s]+)/([^/\\s]+)"
              + " (?:created|configured)$");

  private FluxEvent() {}

  static Parsed parse(Fields body, Instant receivedAt) {
    Fields object = body.object("involvedObject");
    String kind = object.required("kind");
    String reason = body.required("reason");
    if (!kind.equals("Kustomization") && !kind.equals("HelmRelease")) {
      return Releases.ignored(
          Ignorance.IRRELEVANT,
          "a " + kind + " releases nothing; Kustomization and HelmRelease do");
    }
    if (body.required("severity").equals("error")) {
      return Releases.ignored(
          Ignorance.NOTHING_SHIPPED, reason + ": what it changed is seen in the cluster");
    }
    return kind.equals("HelmRelease")
        ? helmRelease(body, object, reason, receivedAt)
        : kustomization(body, object, reason, receivedAt);
  }

  private static Parsed helmRelease(Fields body, Fields object, String reason, Instant receivedAt) {
    return switch (reason) {
      case "InstallSucceeded" -> helmRelease(body, object, Change.DEPLOYED, receivedAt);
      case "UpgradeSucceeded" -> helmRelease(body, object, Change.UPGRADED, receivedAt);
      case "RollbackSucceeded" -> helmRelease(body, object, Change.ROLLED_BACK, receivedAt);
      case "UninstallSucceeded" -> helmRelease(body, object, Change.REMOVED, receivedAt);
      default -> nothingOf(reason);
    };
  }

  /** The chart's version may stay the same from upgrade to upgrade: the time tells them apart. */
  private static Parsed helmRelease(Fields body, Fields object, Change change, Instant receivedAt) {
    Instant at = at(body, receivedAt);
    return Releases.taken(
        shipment(
            object,
            object.optional("namespace"),
            Set.of(),
            false,
            new Release(
                uid(object) + "@" + body.required("timestamp"),
                Shipper.FLUX.key(),
                thing(object),
                environment(body),
                change,
                revision(body, "helm"),
                Optional.empty(),
                at,
                Optional.of(at),
                Optional.empty())));
  }

  private static Parsed kustomization(
      Fields body, Fields object, String reason, Instant receivedAt) {
    String message = body.prose("message").orElse("");
    boolean changes = CHANGED.matcher(message).find();
    boolean holds = reason.equals("ReconciliationSucceeded") || message.startsWith(HEALTHY);
    if (!changes && !holds) {
      return nothingOf(reason);
    }
    String revision =
        revision(body, "kustomize")
            .orElseThrow(
                () ->
                    Fields.invalid(
                        "the field \"metadata\" holds no kustomize.toolkit.fluxcd.io/revision"));
    Instant at = at(body, receivedAt);
    return Releases.taken(
        shipment(
            object,
            Optional.empty(),
            workloads(message),
            !changes,
            new Release(
                uid(object) + "@" + revision,
                Shipper.FLUX.key(),
                thing(object),
                environment(body),
                Change.DEPLOYED,
                Optional.of(version(revision)),
                Optional.empty(),
                at,
                changes ? Optional.empty() : Optional.of(at),
                Optional.empty())));
  }

  private static Shipment shipment(
      Fields object,
      Optional<String> namespace,
      Set<Workload> workloads,
      boolean confirms,
      Release release) {
    return new Shipment(
        Shipper.FLUX,
        thing(object),
        object.required("name"),
        namespace,
        Optional.empty(),
        workloads,
        confirms,
        release);
  }

  private static Parsed nothingOf(String reason) {
    return Releases.ignored(Ignorance.IRRELEVANT, reason + " says of no change that was made");
  }

  private static String thing(Fields object) {
    return object.required("kind").toLowerCase(Locale.ROOT)
        + "/"
        + object.required("namespace")
        + "/"
        + object.required("name");
  }

  /** Some versions leave the uid out. */
  private static String uid(Fields object) {
    return object.optional("uid").orElseGet(() -> thing(object));
  }

  private static Instant at(Fields body, Instant receivedAt) {
    return body.time("timestamp", receivedAt)
        .orElseThrow(() -> Fields.invalid("the field \"timestamp\" is missing"));
  }

  /** As the Alert's {@code eventMetadata} has it. */
  private static String environment(Fields body) {
    return body.optionalObject("metadata")
        .flatMap(metadata -> metadata.optional("environment"))
        .orElse("");
  }

  private static Optional<String> revision(Fields body, String group) {
    return body.optionalObject("metadata")
        .flatMap(metadata -> metadata.optional(group + GROUPS + "revision"));
  }

  /** Of {@code main@sha1:4d3a..., v1.2@sha1:..., latest@sha256:...} or {@code main/4d3a...}. */
  private static String version(String revision) {
    int at = revision.indexOf('@');
    int digest = revision.indexOf(':', at + 1);
    return at < 0 || digest < 0
        ? revision
        : GitRevision.version(revision.substring(0, at), revision.substring(digest + 1));
  }

  private static Set<Workload> workloads(String message) {
    return CHANGED_WORKLOAD
        .matcher(message)
        .results()
        .map(FluxEvent::workload)
        .collect(Collectors.toSet());
  }

  private static Workload workload(MatchResult line) {
    return new Workload(line.group(1).toLowerCase(Locale.ROOT), line.group(2), line.group(3));
  }
}
