package dev.belay.console;

import io.vertx.core.Future;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.function.Function;

/**
 * {@code /api/v1/me}: who asks, and how far they may go, so that a page offers no more than that.
 */
public final class WhoRoute {
  private final Function<RoutingContext, Optional<String>> user;
  private final Function<RoutingContext, String> role;

  /**
   * A route that is yet to be mounted.
   *
   * @param user the person whom the credentials prove
   * @param role what they may do, in a word
   */
  public WhoRoute(
      Function<RoutingContext, Optional<String>> user, Function<RoutingContext, String> role) {
    this.user = user;
    this.role = role;
  }

  private record Who(Optional<String> user, String role) {}

  /** Mounts the route. */
  public void mount(Router router) {
    Mounting api = new Mounting(router);
    api.get(
        "/api/v1/me",
        ctx -> Future.succeededFuture(Answer.ok(new Who(user.apply(ctx), role.apply(ctx)))));
    api.refuseOtherMethods();
  }
}
