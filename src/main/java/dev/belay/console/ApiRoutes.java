package dev.belay.console;

import dev.belay.core.rule.RuleSet;
import dev.belay.port.Inbox;
import dev.belay.port.Queries;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;

/**
 * The HTTP API under {@code /api/v1}: what Belay knows, why it acts or does not, and people's
 * answers. Whether a request may come in at all is decided before it gets here.
 */
public final class ApiRoutes {
  private final Reads reads;
  private final Explaining explaining;
  private final Reporting reporting;
  private final Answering answering;

  /**
   * Routes that are yet to be mounted.
   *
   * @param queries what the daemon knows
   * @param inbox where people's answers go
   * @param rules the rules in force
   * @param clock for countdowns
   * @param version Belay's version
   * @param user the name of the person whom the request's credentials prove, where they prove one
   */
  public ApiRoutes(
      Queries queries,
      Inbox inbox,
      RuleSet rules,
      InstantSource clock,
      String version,
      Function<RoutingContext, Optional<String>> user) {
    Asking asking = new Asking(queries, clock);
    reads = new Reads(asking, rules, version);
    explaining = new Explaining(asking);
    reporting = new Reporting(asking);
    answering = new Answering(asking, inbox, new Asker(user), version);
  }

  /**
   * Mounts every route, and answers in JSON for every other path under {@code /api}; mount what
   * else lives there on the same router, before or after.
   */
  public void mount(Router router) {
    Mounting api = new Mounting(router);
    reads.mount(api);
    explaining.mount(api);
    reporting.mount(api);
    answering.mount(api);
    api.refuseOtherMethods();
    router
        .route("/api/*")
        .last()
        .handler(
            ctx ->
                Reply.error(
                    ctx,
                    404,
                    "There is nothing at this path of the API; /api/openapi.json describes it."));
  }
}
