package dev.belay.app;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** One event loop's HTTP server. Several share the port; all routes come from {@code routes}. */
final class HttpServerVerticle extends VerticleBase {
  /** A sender that stalls for so long is let go. */
  private static final int IDLE_SECONDS = 60;

  private static final long DRAIN_SECONDS = 5;
  private static final int ANY_FREE = -1;

  private final String host;
  private final int port;
  private final Consumer<Router> routes;
  private final Consumer<Integer> bound;
  private Future<HttpServer> server = Future.failedFuture("not started");

  HttpServerVerticle(String host, int port, Consumer<Router> routes, Consumer<Integer> bound) {
    this.host = host;
    this.port = port;
    this.routes = routes;
    this.bound = bound;
  }

  @Override
  public Future<?> start() {
    Router router = Router.router(vertx);
    routes.accept(router);
    HttpServerOptions options =
        new HttpServerOptions()
            .setIdleTimeout(IDLE_SECONDS)
            .setIdleTimeoutUnit(TimeUnit.SECONDS)
            .setTcpNoDelay(true)
            .setTcpFastOpen(false)
            .setCompressionSupported(false);
    server =
        vertx
            .createHttpServer(options)
            .requestHandler(router)
            // To Vert.x, 0 is a free port for each instance, and a negative number one for them
            // all.
            .listen(port == 0 ? ANY_FREE : port, host)
            .onSuccess(listening -> bound.accept(listening.actualPort()));
    return server;
  }

  /** Lets requests in hand be answered. */
  @Override
  public Future<?> stop() {
    return server.compose(
        listening -> listening.shutdown(DRAIN_SECONDS, TimeUnit.SECONDS),
        _ -> Future.succeededFuture());
  }
}
