package dev.belay.console;

import io.vertx.core.Future;
import io.vertx.ext.web.Router;
import java.util.Map;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;

/** Documents for programs, each at a path of its own. */
public final class DocumentRoutes {
  private final Map<String, Supplier<JsonNode>> documents;

  /** Routes that are yet to be mounted, by path. */
  public DocumentRoutes(Map<String, Supplier<JsonNode>> documents) {
    this.documents = Map.copyOf(documents);
  }

  /** Mounts every route. */
  public void mount(Router router) {
    Mounting mounting = new Mounting(router);
    documents.forEach(
        (path, document) ->
            mounting.get(path, _ -> Future.succeededFuture(Answer.ok(document.get()))));
    mounting.refuseOtherMethods();
  }
}
