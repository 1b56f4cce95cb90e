package dev.belay.console;

import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;

/** {@code POST /-/reload}: configuration and rules are read anew, as in Prometheus. */
public final class ReloadRoute {
  private final Supplier<List<String>> reload;

  private record Said(String said) {}

  /**
   * A route that is yet to be mounted.
   *
   * @param reload reads them, for which it may take its time; gives what is wrong with them, or
   *     nothing where they are good, and are being taken over
   */
  public ReloadRoute(Supplier<List<String>> reload) {
    this.reload = reload;
  }

  /** Mounts it. */
  public void mount(Router router) {
    Mounting mounting = new Mounting(router);
    mounting.change(HttpMethod.POST, "/-/reload", this::reload);
    mounting.refuseOtherMethods();
  }

  private Future<Answer> reload(RoutingContext ctx) {
    return ctx.vertx()
        .executeBlocking(() -> List.copyOf(reload.get()), false)
        .map(problems -> answer(Objects.requireNonNull(problems)));
  }

  private static Answer answer(List<String> problems) {
    if (!problems.isEmpty()) {
      throw new Refusal(
          422,
          "What was in force stays in force: "
              + String.join("; ", problems.stream().map(Printable::of).toList()));
    }
    return Answer.ok(new Said("Configuration and rules are good, and are being taken over."));
  }
}
