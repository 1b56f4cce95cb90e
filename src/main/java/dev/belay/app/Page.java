package dev.belay.app;

import io.vertx.ext.web.Router;
import java.util.function.Supplier;

/**
 * A page that a command serves beside the API; it reloads itself every two seconds.
 *
 * @param path where
 * @param contentType of what it holds
 * @param contentSecurityPolicy what a browser may do with it
 * @param body what it holds, made for each request
 */
public record Page(
    String path, String contentType, String contentSecurityPolicy, Supplier<String> body) {
  void mount(Router router) {
    router
        .get(path)
        .handler(
            context ->
                context
                    .response()
                    .putHeader("Content-Type", contentType)
                    .putHeader("Content-Security-Policy", contentSecurityPolicy)
                    .putHeader("X-Content-Type-Options", "nosniff")
                    .putHeader("Referrer-Policy", "no-referrer")
                    .putHeader("Cache-Control", "no-store")
                    .putHeader("Refresh", "2")
                    .end(body.get()));
  }
}
