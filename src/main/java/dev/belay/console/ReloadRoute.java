package dev.belay.console;

import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/** {@code POST /-/reload}: configuration and rules are read anew, as in Prometheus. */
public final class ReloadRoute {
  private final Function<String, List<String>> reload;
  private final Asker asker;

  private record Said(String said) {}

  /**
   * A route that is yet to be mounted.
   *
   * @param reload reads them for whom it is told, for which it may take its time; gives what is
   *     wrong with them, or nothing where they are good, and are being taken over
   * @param user the person whom the credentials prove
   */
  public ReloadRoute(
      Function<String, List<String>> reload, Function<RoutingContext, Optional<String>> user) {
    this.reload = reload;
    this.asker = new Asker(user);
  }

  /** Mounts it. */
  public void mount(Router router) {
    Mounting mounting = new Mounting(router);
    mounting.change(HttpMethod.POST, "/-/reload", this::reload);
    mounting.refuseOtherMethods();
  }

  private Future<Answer> reload(RoutingContext ctx) {
    // Tools of Prometheus send what they like here, so only JSON is read.
    String person = asker.name(ctx, Bodies.ifAny(ctx));
    return ctx.vertx()
        .executeBlocking(() -> List.copyOf(reload.apply(person)), false)
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
