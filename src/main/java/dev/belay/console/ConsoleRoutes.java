package dev.belay.console;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Objects;
import java.util.Optional;

/**
 * The console at {@code /}: one page, and beside it the files that it is made of, at an address
 * that changes with them, so that browsers may keep them for ever. Nothing is fetched from
 * elsewhere.
 */
public final class ConsoleRoutes {
  /** Mounts the routes. */
  public void mount(Router router) {
    router.route("/").method(HttpMethod.GET).method(HttpMethod.HEAD).handler(ConsoleRoutes::page);
    router
        .route("/console/:digest/*")
        .method(HttpMethod.GET)
        .method(HttpMethod.HEAD)
        .handler(ConsoleRoutes::file);
  }

  private static void page(RoutingContext ctx) {
    ConsoleFiles files = ConsoleFiles.all();
    ctx.response()
        .putHeader("Content-Security-Policy", files.policy())
        .putHeader("Cache-Control", "no-cache")
        .putHeader("Referrer-Policy", "no-referrer")
        .putHeader("X-Frame-Options", "DENY")
        .putHeader("Cross-Origin-Opener-Policy", "same-origin");
    send(ctx, files.page());
  }

  private static void file(RoutingContext ctx) {
    ConsoleFiles files = ConsoleFiles.all();
    String prefix = "/console/" + Params.path(ctx, "digest") + "/";
    String path = Objects.requireNonNullElse(ctx.normalizedPath(), "");
    Optional<ConsoleFiles.File> found =
        prefix.equals(files.base() + "/") && path.startsWith(prefix)
            ? files.file(path.substring(prefix.length()))
            : Optional.empty();
    if (found.isEmpty()) {
      Reply.error(ctx, 404, "There is no such file of this version's console; load the page anew.");
      return;
    }
    ctx.response().putHeader("Cache-Control", "public, max-age=31536000, immutable");
    send(ctx, found.get());
  }

  private static void send(RoutingContext ctx, ConsoleFiles.File file) {
    HttpServerResponse response =
        ctx.response()
            .putHeader("Content-Type", file.type())
            .putHeader("X-Content-Type-Options", "nosniff")
            .putHeader("Cross-Origin-Resource-Policy", "same-origin")
            .putHeader("Content-Length", Integer.toString(file.size()));
    if (ctx.request().method().equals(HttpMethod.HEAD)) {
      response.end();
    } else {
      response.end(file.contents());
    }
  }
}
