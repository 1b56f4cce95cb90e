package dev.belay.console;

import io.vertx.ext.web.Router;

/** What is answered where no route is: in JSON, as all errors are, with where to look. */
public final class Elsewhere {
  /** Mounts it, for all that the routes leave; they may be mounted before or after. */
  public void mount(Router router) {
    router.errorHandler(
        404,
        ctx ->
            Reply.error(
                ctx,
                404,
                "There is nothing at this path; the console is at /, and /api/openapi.json"
                    + " describes the API."));
    router.errorHandler(405, ctx -> Reply.error(ctx, 405, "This path does not take this method."));
  }
}
