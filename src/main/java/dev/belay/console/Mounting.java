package dev.belay.console;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import io.vertx.ext.web.handler.HttpException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Mounts routes so that each answers in one way, wrong methods and failures included. */
final class Mounting {
  private static final long BODY_AT_MOST = 16 * 1024;

  private final Router router;
  private final Map<String, List<HttpMethod>> methods = new LinkedHashMap<>();

  Mounting(Router router) {
    this.router = router;
  }

  /** A route that only reads; {@code HEAD} works too. */
  void get(String path, Function<RoutingContext, Future<Answer>> handler) {
    allow(path, HttpMethod.GET);
    allow(path, HttpMethod.HEAD);
    router
        .route(path)
        .method(HttpMethod.GET)
        .method(HttpMethod.HEAD)
        .handler(answering(handler))
        .failureHandler(Mounting::failed);
  }

  /** A route by which people change something, with a small body. */
  void change(HttpMethod method, String path, Function<RoutingContext, Future<Answer>> handler) {
    allow(path, method);
    router
        .route(method, path)
        .handler(BodyHandler.create(false).setBodyLimit(BODY_AT_MOST))
        .handler(answering(handler))
        .failureHandler(Mounting::failed);
  }

  /** Answers every other method on the paths mounted so far. */
  void refuseOtherMethods() {
    methods.forEach(
        (path, allowed) -> {
          String names = allowed.stream().map(HttpMethod::name).collect(Collectors.joining(", "));
          router
              .route(path)
              .handler(
                  ctx -> {
                    ctx.response().putHeader("Allow", names);
                    Reply.error(ctx, 405, "This path takes " + names + ".");
                  });
        });
    methods.clear();
  }

  private void allow(String path, HttpMethod method) {
    methods.computeIfAbsent(path, _ -> new ArrayList<>()).add(method);
  }

  private static Handler<RoutingContext> answering(
      Function<RoutingContext, Future<Answer>> handler) {
    return ctx ->
        Future.<Void>succeededFuture()
            .compose(_ -> handler.apply(ctx))
            .onSuccess(answer -> Reply.answer(ctx, answer))
            .onFailure(failure -> Reply.failure(ctx, failure));
  }

  private static void failed(RoutingContext ctx) {
    Throwable failure = ctx.failure();
    int status = failure instanceof HttpException http ? http.getStatusCode() : ctx.statusCode();
    if (status == 413) {
      Reply.error(ctx, 413, "The body is larger than " + BODY_AT_MOST + " bytes.");
    } else if (status >= 400 && status < 500) {
      Reply.error(ctx, status, "The request cannot be read.");
    } else {
      Reply.failure(ctx, failure == null ? new IllegalStateException("status " + status) : failure);
    }
  }
}
