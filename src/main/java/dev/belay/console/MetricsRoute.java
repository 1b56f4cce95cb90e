package dev.belay.console;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.MIMEHeader;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/** {@code /metrics}, in Prometheus's text format or in OpenMetrics, as the client prefers. */
public final class MetricsRoute {
  private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";
  private static final String OPEN_METRICS =
      "application/openmetrics-text; version=1.0.0; charset=utf-8";

  private final PrometheusMeterRegistry registry;

  /** A route that is yet to be mounted. */
  public MetricsRoute(PrometheusMeterRegistry registry) {
    this.registry = registry;
  }

  /** Mounts the route. */
  public void mount(Router router) {
    router
        .route("/metrics")
        .handler(
            ctx -> {
              HttpMethod method = ctx.request().method();
              if (method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD)) {
                String type = type(ctx);
                Reply.send(ctx, 200, type, registry.scrape(type));
              } else {
                ctx.response().putHeader("Allow", "GET, HEAD");
                Reply.error(ctx, 405, "This path takes GET, HEAD.");
              }
            });
  }

  private static String type(RoutingContext ctx) {
    for (MIMEHeader accepted : ctx.parsedHeaders().accept()) {
      if (accepted.subComponent().equals("openmetrics-text")) {
        return OPEN_METRICS;
      }
      if (accepted.component().equals("text")) {
        return TEXT;
      }
    }
    return TEXT;
  }
}
