package dev.belay.intake.http;

import dev.belay.core.engine.Event;
import dev.belay.core.engine.Event.AlertsReceived;
import dev.belay.core.release.Shipper;
import dev.belay.intake.IntakeLimits;
import dev.belay.intake.Parsed;
import dev.belay.intake.PostedAlerts;
import dev.belay.intake.ReleaseEvents;
import dev.belay.intake.Shipments;
import dev.belay.intake.WebhookAlerts;
import dev.belay.port.EventFailed;
import dev.belay.port.Inbox;
import dev.belay.port.InboxFull;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * The HTTP doors of alerts and release events. Each request is bounded in size, authenticated,
 * parsed, and offered to the inbox, in that order; it is answered when what follows from it is
 * durable. Nothing here blocks an event loop.
 */
public final class IntakeRoutes {
  private static final Logger LOG = LoggerFactory.getLogger(IntakeRoutes.class);
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String JSON_TYPE = "application/json";
  private static final String ATTRIBUTE = "ce-";

  /** Parsing so much takes an event loop about a millisecond; more is done elsewhere. */
  private static final int MOST_ON_THE_LOOP = 256 << 10;

  private static final int RETRY_SECONDS = 5;

  private final Inbox inbox;
  private final Function<Event, Optional<String>> strangers;
  private final InstantSource clock;
  private final InstantSource machine;
  private final IntakeLimits limits;
  private final Authentication gate;
  private final IntakeMeters meters;
  private final RefusalLog refusals = new RefusalLog();
  private final WebhookAlerts webhook;
  private final PostedAlerts posted;
  private final ReleaseEvents events;
  private final Shipments shipments;
  private final BodyHandler bodies;
  private final Instant startedAt;

  /**
   * Doors into the inbox.
   *
   * @param strangers says of an event with a release that none of the rules is about why that is so
   * @param clock Belay's time, by which everything is received
   * @param machine the machine's clock, which is behind where it was put back
   */
  public IntakeRoutes(
      Inbox inbox,
      Function<Event, Optional<String>> strangers,
      InstantSource clock,
      InstantSource machine,
      IntakeLimits limits,
      Authentication gate,
      MeterRegistry registry) {
    this.inbox = inbox;
    this.strangers = strangers;
    this.clock = clock;
    this.machine = machine;
    this.limits = limits;
    this.gate = gate;
    this.meters = new IntakeMeters(registry);
    this.webhook = new WebhookAlerts(limits);
    this.posted = new PostedAlerts(limits);
    this.events = new ReleaseEvents(limits);
    this.shipments = new Shipments(limits);
    this.bodies = BodyHandler.create(false).setBodyLimit(limits.bodyBytes());
    this.startedAt = clock.instant();
  }

  /** Adds the doors to a server's router. No body handler may stand before them. */
  public void mount(Router router) {
    for (Entrance door : Entrance.values()) {
      for (String path : door.paths()) {
        router
            .route(path)
            .handler(context -> admit(door, context))
            .handler(context -> receive(door, context))
            .failureHandler(context -> failed(door, context));
      }
    }
    router.get("/api/v2/status").handler(gate).handler(this::status);
    for (String path : new String[] {"/api/v2/silences", "/api/v2/silence/*"}) {
      router.route(path).handler(gate).handler(IntakeRoutes::silences);
    }
  }

  private void admit(Entrance door, RoutingContext context) {
    HttpServerRequest request = context.request();
    if (declaredLength(request) > limits.bodyBytes()) {
      reject(door, context, Rejection.TOO_LARGE, tooLarge());
    } else if (signature(door).isPresent()) {
      admitSigned(door, signature(door).get(), context);
    } else if (!gate.admits(context)) {
      meters.answered(door, new Answer.Rejected(Rejection.UNAUTHENTICATED, ""));
      gate.refuse(context);
    } else {
      listen(door, context);
    }
  }

  /** The header that holds the signature, where the door's sender has to sign. */
  private Optional<String> signature(Entrance door) {
    return door.shipper().flatMap(gate.signatures()::header);
  }

  /** Whether it is right shows only when the body is there. */
  private void admitSigned(Entrance door, String header, RoutingContext context) {
    if (context.request().getHeader(header) == null) {
      unsigned(door, header, context);
    } else {
      listen(door, context);
    }
  }

  private void unsigned(Entrance door, String header, RoutingContext context) {
    meters.answered(door, new Answer.Rejected(Rejection.UNAUTHENTICATED, ""));
    Authentication.refuseUnsigned(context, header);
  }

  private void listen(Entrance door, RoutingContext context) {
    HttpServerRequest request = context.request();
    if (!door.methods().contains(request.method())) {
      context.response().putHeader(HttpHeaders.ALLOW, allowed(door));
      reject(door, context, Rejection.METHOD, "only " + allowed(door) + " is taken here");
    } else if (!readable(request)) {
      reject(
          door,
          context,
          Rejection.UNSUPPORTED,
          "the body must be plain JSON: send it with Content-Type: application/json and without"
              + " Content-Encoding");
    } else {
      bodies.handle(context);
    }
  }

  private void receive(Entrance door, RoutingContext context) {
    byte[] body = bytes(context);
    Instant receivedAt = clock.instant();
    HttpServerRequest request = context.request();
    Optional<String> signature = signature(door);
    if (signature.isPresent()
        && !gate.signatures().right(door.shipper().orElseThrow(), request, body)) {
      unsigned(door, signature.get(), context);
      return;
    }
    Future<Answer> answered =
        body.length <= MOST_ON_THE_LOOP
            ? settle(door, context, parse(door, request, body, receivedAt))
            : context
                .vertx()
                .executeBlocking(() -> parse(door, request, body, receivedAt), false)
                .compose(parsed -> settle(door, context, Objects.requireNonNull(parsed)));
    answered.onComplete(
        answer -> answer(door, context, answer), error -> broken(door, context, error));
  }

  private Parsed parse(Entrance door, HttpServerRequest request, byte[] body, Instant receivedAt) {
    return switch (door) {
      case WEBHOOK -> webhook.parse(body, receivedAt);
      case API_V2 -> posted.parse(body, receivedAt, machine.instant());
      case EVENTS -> events.parse(contentType(request), attributes(request), body, receivedAt);
      case ARGOCD -> shipments.parse(Shipper.ARGOCD, "", body, receivedAt);
      case FLUX -> shipments.parse(Shipper.FLUX, "", body, receivedAt);
      case GITHUB ->
          shipments.parse(
              Shipper.GITHUB,
              Objects.requireNonNullElse(request.getHeader("X-GitHub-Event"), ""),
              body,
              receivedAt);
    };
  }

  private Future<Answer> settle(Entrance door, RoutingContext context, Parsed parsed) {
    return switch (parsed) {
      case Parsed.Taken taken ->
          Future.fromCompletionStage(
                  inbox.offer(taken.event()), context.vertx().getOrCreateContext())
              .map(
                  _ -> {
                    if (taken.event() instanceof AlertsReceived delivery) {
                      meters.received(delivery);
                    }
                    return durable(door, taken);
                  });
      case Parsed.Ignored(Parsed.Ignorance why, Optional<String> sentence) -> {
        meters.ignored(door, why);
        yield Future.succeededFuture(new Answer.Ignored(sentence));
      }
      case Parsed.Refused(Parsed.Refusal why, String sentence) ->
          Future.succeededFuture(new Answer.Rejected(Rejection.of(why), sentence));
    };
  }

  private Answer durable(Entrance door, Parsed.Taken taken) {
    if (taken.complaint().isPresent()) {
      return new Answer.Rejected(Rejection.INVALID, taken.complaint().get());
    }
    Optional<String> why = strangers.apply(taken.event());
    if (why.isPresent()) {
      meters.ignored(door, Parsed.Ignorance.OF_NO_SERVICE);
      return new Answer.Ignored(why);
    }
    return new Answer.Accepted();
  }

  private void broken(Entrance door, RoutingContext context, Throwable error) {
    Throwable cause =
        error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
    if (cause instanceof InboxFull || cause instanceof EventFailed) {
      context.response().putHeader(HttpHeaders.RETRY_AFTER, Integer.toString(RETRY_SECONDS));
      reject(door, context, Rejection.FULL, cause.getMessage() + "; send it again later");
    } else {
      LOG.error("door {} could not take a request", door.tag(), cause);
      reject(door, context, Rejection.FAILED, "Belay could not take it; its log says why");
    }
  }

  /** What Vert.x found wrong while it read the body. */
  private void failed(Entrance door, RoutingContext context) {
    if (context.response().ended() || context.response().closed()) {
      return;
    }
    if (context.statusCode() == Rejection.TOO_LARGE.code()) {
      reject(door, context, Rejection.TOO_LARGE, tooLarge());
    } else if (context.statusCode() >= 400 && context.statusCode() < 500) {
      reject(door, context, Rejection.MALFORMED, "the request could not be read");
    } else {
      Throwable cause = context.failure();
      broken(door, context, cause == null ? new IllegalStateException("no cause given") : cause);
    }
  }

  private void reject(Entrance door, RoutingContext context, Rejection why, String sentence) {
    answer(door, context, new Answer.Rejected(why, sentence));
  }

  private void answer(Entrance door, RoutingContext context, Answer answer) {
    meters.answered(door, answer);
    HttpServerResponse response = context.response().setStatusCode(answer.code());
    switch (answer) {
      case Answer.Accepted() -> accepted(door, response, "accepted", Optional.empty());
      case Answer.Ignored(Optional<String> why) -> accepted(door, response, "ignored", why);
      case Answer.Rejected rejected -> {
        if (rejected.why() != Rejection.FAILED) {
          refusals.refused(door, rejected, clock.instant());
        }
        response
            .putHeader(HttpHeaders.CONTENT_TYPE, JSON_TYPE)
            .end(
                JSON.writeValueAsString(
                    door == Entrance.API_V2
                        ? rejected.sentence()
                        : Map.of("error", rejected.sentence())));
      }
    }
  }

  /** Argo CD's notifier takes Alertmanager's empty 200 for success and nothing else. */
  private static void accepted(
      Entrance door, HttpServerResponse response, String status, Optional<String> why) {
    if (door == Entrance.API_V2) {
      response.end();
    } else {
      Map<String, String> said = new LinkedHashMap<>();
      said.put("status", status);
      why.ifPresent(sentence -> said.put("reason", sentence));
      response.putHeader(HttpHeaders.CONTENT_TYPE, JSON_TYPE).end(JSON.writeValueAsString(said));
    }
  }

  private void status(RoutingContext context) {
    Map<String, Object> body = new TreeMap<>();
    body.put("cluster", Map.of("status", "disabled"));
    body.put("config", Map.of("original", ""));
    body.put("uptime", startedAt.toString());
    String version = IntakeRoutes.class.getPackage().getImplementationVersion();
    Map<String, String> versionInfo = new TreeMap<>();
    for (String name : new String[] {"branch", "buildDate", "buildUser", "goVersion", "revision"}) {
      versionInfo.put(name, "");
    }
    versionInfo.put("version", "belay " + (version == null ? "unreleased" : version));
    body.put("versionInfo", versionInfo);
    context
        .response()
        .putHeader(HttpHeaders.CONTENT_TYPE, JSON_TYPE)
        .end(JSON.writeValueAsString(body));
  }

  private static void silences(RoutingContext context) {
    context
        .response()
        .setStatusCode(404)
        .putHeader(HttpHeaders.CONTENT_TYPE, JSON_TYPE)
        .end("\"Belay keeps no silences: set them in Alertmanager, or put Belay on hold\"");
  }

  private static boolean readable(HttpServerRequest request) {
    String encoding = request.getHeader(HttpHeaders.CONTENT_ENCODING);
    if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
      return false;
    }
    String type = contentType(request).toLowerCase(Locale.ROOT);
    int parameters = type.indexOf(';');
    String bare = (parameters < 0 ? type : type.substring(0, parameters)).strip();
    return bare.isEmpty()
        || bare.equals("text/plain")
        || bare.endsWith("/json")
        || bare.endsWith("+json");
  }

  private static String contentType(HttpServerRequest request) {
    String type = request.getHeader(HttpHeaders.CONTENT_TYPE);
    return type == null ? "" : type;
  }

  private static Map<String, String> attributes(HttpServerRequest request) {
    return request.headers().entries().stream()
        .map(entry -> Map.entry(entry.getKey().toLowerCase(Locale.ROOT), entry.getValue()))
        .filter(entry -> entry.getKey().startsWith(ATTRIBUTE))
        .collect(
            Collectors.toMap(
                entry -> entry.getKey().substring(ATTRIBUTE.length()),
                Map.Entry::getValue,
                (first, _) -> first));
  }

  private static long declaredLength(HttpServerRequest request) {
    String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    try {
      return length == null ? 0 : Long.parseLong(length);
    } catch (NumberFormatException tooLong) {
      return Long.MAX_VALUE;
    }
  }

  private static byte[] bytes(RoutingContext context) {
    Buffer body = context.body().buffer();
    return body == null ? new byte[0] : body.getBytes();
  }

  private String tooLarge() {
    return "the body is larger than "
        + limits.bodyBytes()
        + " bytes; send less at a time (Alertmanager: max_alerts)";
  }

  private static String allowed(Entrance door) {
    return door.methods().stream().map(HttpMethod::name).collect(Collectors.joining(", "));
  }
}
