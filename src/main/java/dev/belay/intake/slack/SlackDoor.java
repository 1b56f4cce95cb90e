package dev.belay.intake.slack;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code POST /webhooks/slack}: presses that Slack itself sends. The signature is looked at before
 * anything in the body is; the answer goes out when what follows is durable.
 */
final class SlackDoor {
  private static final Logger LOG = LoggerFactory.getLogger(SlackDoor.class);
  private static final String PATH = "/webhooks/slack";
  private static final String FIELD = "payload=";

  private final SlackSignature signature;
  private final SlackDesk desk;
  private final InstantSource clock;

  SlackDoor(SlackSignature signature, SlackDesk desk, InstantSource clock) {
    this.signature = signature;
    this.desk = desk;
    this.clock = clock;
  }

  void mount(Router router) {
    router
        .route(HttpMethod.POST, PATH)
        .handler(this::receive)
        .failureHandler(context -> answer(context, 400, "the request cannot be read"));
  }

  /** What there is for whoever is known by other means. */
  void refuseOtherMethods(Router router) {
    router
        .route(PATH)
        .handler(
            context -> {
              context.response().putHeader(HttpHeaders.ALLOW, "POST");
              answer(context, 405, "only POST is taken here");
            });
  }

  private void receive(RoutingContext context) {
    HttpServerRequest request = context.request();
    String timestamp = header(request, "X-Slack-Request-Timestamp");
    String signed = header(request, "X-Slack-Signature");
    if (timestamp.isEmpty() || signed.isEmpty()) {
      unsigned(context);
      return;
    }
    Buffer body = Buffer.buffer();
    request.exceptionHandler(_ -> {});
    request.handler(
        piece -> {
          if (body.length() + piece.length() <= Payload.LARGEST) {
            body.appendBuffer(piece);
          } else if (!context.response().ended()) {
            request.handler(_ -> {});
            answer(context, 413, "the body is larger than " + Payload.LARGEST + " bytes");
          }
        });
    request.endHandler(
        _ -> {
          if (!context.response().ended()) {
            take(context, timestamp, signed, body.getBytes());
          }
        });
    request.resume();
  }

  private void take(RoutingContext context, String timestamp, String signed, byte[] body) {
    if (!signature.right(timestamp, signed, body, clock.instant())) {
      unsigned(context);
      return;
    }
    List<Press> presses =
        payload(new String(body, StandardCharsets.UTF_8))
            .flatMap(Payload::json)
            .map(Payload::presses)
            .orElse(List.of());
    Future.fromCompletionStage(desk.take(presses), context.vertx().getOrCreateContext())
        .onComplete(
            _ -> context.response().setStatusCode(200).end(),
            failure -> {
              LOG.debug("a press is not taken", failure);
              context.response().putHeader(HttpHeaders.RETRY_AFTER, "5");
              answer(context, 503, "Belay could not take it just now");
            });
  }

  private static Optional<String> payload(String form) {
    for (String field : form.split("&", -1)) {
      if (field.startsWith(FIELD)) {
        try {
          return Optional.of(
              URLDecoder.decode(field.substring(FIELD.length()), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
          return Optional.empty();
        }
      }
    }
    return Optional.empty();
  }

  private static void unsigned(RoutingContext context) {
    context
        .response()
        .putHeader("WWW-Authenticate", "Signature realm=\"belay\", header=\"X-Slack-Signature\"");
    answer(context, 401, "the signature in X-Slack-Signature is missing, wrong, old or used");
  }

  private static void answer(RoutingContext context, int status, String sentence) {
    if (!context.response().ended() && !context.response().closed()) {
      context
          .response()
          .setStatusCode(status)
          .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
          .end("{\"error\":\"" + sentence + "\"}");
    }
  }

  private static String header(HttpServerRequest request, String name) {
    String value = request.getHeader(name);
    return value == null ? "" : value;
  }
}
