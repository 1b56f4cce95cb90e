package dev.belay.console;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.belay.port.InboxFull;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/** Writes answers and errors, always with the headers that keep browsers and caches out of it. */
final class Reply {
  private static final Logger LOG = LoggerFactory.getLogger(Reply.class);
  private static final String RETRY_SECONDS = "5";

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .changeDefaultPropertyInclusion(
              include -> include.withValueInclusion(JsonInclude.Include.NON_ABSENT))
          .build();

  private Reply() {}

  private record Failure(String error) {}

  static void answer(RoutingContext ctx, Answer answer) {
    switch (answer.body()) {
      case String text -> send(ctx, answer.status(), "text/plain; charset=utf-8", text);
      case Answer.Document(var type, var text) ->
          send(ctx, answer.status(), type + "; charset=utf-8", text);
      case Object view -> send(ctx, answer.status(), "application/json", json(view));
    }
  }

  /** A view as JSON. No text in it turns the direction of writing of what is shown beside it. */
  static String json(Object view) {
    return Printable.straight(JSON.writeValueAsString(view));
  }

  static void error(RoutingContext ctx, int status, String sentence) {
    answer(ctx, new Answer(status, new Failure(sentence)));
  }

  static void failure(RoutingContext ctx, Throwable failure) {
    switch (failure) {
      case Refusal refusal -> error(ctx, refusal.status(), refusal.sentence());
      case InboxFull full -> {
        ctx.response().putHeader("Retry-After", RETRY_SECONDS);
        error(ctx, 503, String.valueOf(full.getMessage()));
      }
      default -> {
        LOG.atError()
            .setCause(failure)
            .addKeyValue("path", Printable.of(Objects.requireNonNullElse(ctx.request().path(), "")))
            .log("a request failed");
        error(ctx, 500, "Belay failed at this request; its log says why.");
      }
    }
  }

  static void send(RoutingContext ctx, int status, String type, String body) {
    HttpServerResponse response = ctx.response();
    if (response.ended() || response.closed()) {
      return;
    }
    response
        .setStatusCode(status)
        .putHeader("Content-Type", type)
        .putHeader("Cache-Control", "no-store")
        .putHeader("X-Content-Type-Options", "nosniff");
    if (ctx.request().method().equals(HttpMethod.HEAD)) {
      int length = body.getBytes(StandardCharsets.UTF_8).length;
      response.putHeader("Content-Length", Integer.toString(length)).end();
    } else {
      response.end(body);
    }
  }
}
