package dev.belay.console;

import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;

/** The routes that write down what happened, for people to keep. */
final class Reporting {
  private final Asking asking;

  Reporting(Asking asking) {
    this.asking = asking;
  }

  void mount(Mounting api) {
    api.get("/api/v1/incidents/:id/report", this::incident);
    api.get("/api/v1/services/:name/report", this::service);
  }

  private Future<Answer> incident(RoutingContext ctx) {
    String id = Params.path(ctx, "id");
    return asking
        .state(ctx, state -> asking.around(state, id))
        .compose(window -> asking.report(ctx, id, window.orElseThrow(() -> Reads.unknown(id))))
        .map(report -> document(report.orElseThrow(() -> Reads.unknown(id))));
  }

  private Future<Answer> service(RoutingContext ctx) {
    String name = Params.path(ctx, "name");
    Asking.Window window =
        new Asking.Window(
            Params.instant(ctx, "from").orElseGet(() -> asking.now().minus(DeploymentLog.PERIOD)),
            Params.instant(ctx, "to").orElseGet(asking::now));
    return asking
        .log(ctx, name, window)
        .map(log -> document(log.orElseThrow(() -> unknown(name, window))));
  }

  private static Refusal unknown(String service, Asking.Window window) {
    return new Refusal(
        404,
        "Between "
            + window.from()
            + " and "
            + window.to()
            + " nothing speaks of a service "
            + Printable.of(service)
            + "; the list of services has those that are known, and from and to name another"
            + " time.");
  }

  private static Answer document(String markdown) {
    return Answer.ok(new Answer.Document("text/markdown", markdown));
  }
}
