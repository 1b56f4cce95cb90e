package dev.belay.console;

import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.function.Function;

/** Tells in whose name something is asked for. */
final class Asker {
  private static final String NOBODY = "api";
  private static final String CLAIMED = " (claimed)";
  private static final int PERSON_AT_MOST = 100;

  private final Function<RoutingContext, Optional<String>> user;

  /**
   * Tells it.
   *
   * @param user the person whom the credentials prove
   */
  Asker(Function<RoutingContext, Optional<String>> user) {
    this.user = user;
  }

  /** The authenticated user; else whom the body names, marked as not proven. */
  String name(RoutingContext ctx, JsonObject body) {
    return user.apply(ctx)
        .filter(name -> !name.isBlank())
        .map(Printable::of)
        .or(
            () ->
                Optional.of(Bodies.text(body, "person", PERSON_AT_MOST))
                    .filter(name -> !name.isEmpty())
                    .map(name -> name + CLAIMED))
        .orElse(NOBODY);
  }
}
