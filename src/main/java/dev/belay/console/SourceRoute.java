package dev.belay.console;

import io.vertx.core.Future;
import io.vertx.ext.web.Router;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * {@code /api/v1/rules/source}: which text the rules in force were read from, and whether a later
 * one is not in force.
 */
public final class SourceRoute {
  private final Supplier<Source> source;

  /**
   * What the rules in force were read from.
   *
   * @param digest of the files, as {@code belay check} prints it
   * @param readAt when they were taken over
   * @param trouble why what was read last is not in force; empty where it is
   * @param reloads whether they can be read anew while Belay runs
   */
  public record Source(String digest, Instant readAt, Optional<String> trouble, boolean reloads) {}

  /** A route that is yet to be mounted. */
  public SourceRoute(Supplier<Source> source) {
    this.source = source;
  }

  /** Mounts it. */
  public void mount(Router router) {
    Mounting api = new Mounting(router);
    api.get("/api/v1/rules/source", _ -> Future.succeededFuture(Answer.ok(printable())));
    api.refuseOtherMethods();
  }

  private Source printable() {
    Source now = source.get();
    return new Source(now.digest(), now.readAt(), now.trouble().map(Printable::of), now.reloads());
  }
}
