package dev.belay.console;

import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Every endpoint that a router has, so that a test can say something of all of them. */
public final class Endpoints {
  /**
   * One endpoint.
   *
   * @param method a method that it takes
   * @param path a path that leads to it; each parameter has the value {@code x}
   */
  public record Endpoint(HttpMethod method, String path) {}

  private Endpoints() {}

  /** The endpoints, without those routes that only catch what no other takes. */
  public static List<Endpoint> of(Router router) {
    List<Endpoint> endpoints = new ArrayList<>();
    for (Route route : router.getRoutes()) {
      String path = route.getPath();
      Set<HttpMethod> methods = route.methods();
      if (path == null || (!route.isExactPath() && !path.contains(":"))) {
        continue;
      }
      String sample = path.replaceAll(":[^/]+", "x");
      if (methods != null) {
        methods.forEach(method -> endpoints.add(new Endpoint(method, sample)));
      }
    }
    return endpoints;
  }
}
