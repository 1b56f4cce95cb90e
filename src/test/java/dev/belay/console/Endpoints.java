package dev.belay.console;

import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import java.util.ArrayList;
import java.util.LinkedHashSet;
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

  private static final List<HttpMethod> ANY =
      List.of(
          HttpMethod.GET,
          HttpMethod.HEAD,
          HttpMethod.POST,
          HttpMethod.PUT,
          HttpMethod.PATCH,
          HttpMethod.DELETE,
          HttpMethod.OPTIONS);

  private Endpoints() {}

  /** Every way in: those routes too that take any method, or whatever lies below a path. */
  public static Set<Endpoint> all(Router router) {
    Set<Endpoint> endpoints = new LinkedHashSet<>();
    for (Route route : router.getRoutes()) {
      String path = route.getPath();
      Set<HttpMethod> methods = route.methods();
      if (path != null) {
        String sample = path.replaceAll(":[^/]+", "x");
        String below = sample.endsWith("/") ? sample + "x" : sample;
        (methods == null || methods.isEmpty() ? ANY : methods)
            .forEach(method -> endpoints.add(new Endpoint(method, below)));
      }
    }
    return endpoints;
  }

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
