package dev.belay.intake.http;

import dev.belay.intake.OneLine;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.net.URI;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * Keeps web pages of other sites from using a person's browser to get at Belay. A page may send
 * nothing, whatever credentials the browser adds; and where there are no credentials, whoever asks
 * must call Belay by a name that is known, for a page's own name may have been turned to this
 * machine. What is refused is answered 403.
 */
public final class SiteGuard implements Handler<RoutingContext> {
  private static final Logger LOG = LoggerFactory.getLogger(SiteGuard.class);
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final long PAUSE_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final Optional<KnownHosts> names;
  private final AtomicLong spokeAt = new AtomicLong(System.nanoTime() - PAUSE_NANOS);

  /**
   * A guard.
   *
   * @param names where there are no credentials: by which names Belay may be called; empty where
   *     there are, and any name will do
   */
  SiteGuard(Optional<KnownHosts> names) {
    this.names = names;
  }

  @Override
  public void handle(RoutingContext context) {
    HttpServerRequest request = context.request();
    Optional<String> objection = byName(request).or(() -> bySite(request));
    if (objection.isEmpty()) {
      context.next();
      return;
    }
    long now = System.nanoTime();
    long spoke = spokeAt.get();
    if (now - spoke >= PAUSE_NANOS && spokeAt.compareAndSet(spoke, now)) {
      LOG.warn("refused a request (others within a minute are not logged): {}", objection.get());
    }
    context
        .response()
        .setStatusCode(403)
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
        .putHeader("Cache-Control", "no-store")
        .putHeader("X-Content-Type-Options", "nosniff")
        .end(JSON.writeValueAsString(Map.of("error", objection.get())));
  }

  private Optional<String> byName(HttpServerRequest request) {
    return names.filter(known -> known.strange(request)).isEmpty()
        ? Optional.empty()
        : Optional.of(
            "Belay answers here to localhost and 127.0.0.1 only, not to \""
                + OneLine.of(KnownHosts.name(request))
                + "\"; add the name under hosts in its configuration, or configure auth");
  }

  private static Optional<String> bySite(HttpServerRequest request) {
    boolean reads =
        request.method().equals(HttpMethod.GET) || request.method().equals(HttpMethod.HEAD);
    return reads || !ofAnotherSite(request)
        ? Optional.empty()
        : Optional.of("another site's page may not do this; open Belay's own address");
  }

  /** By what browsers say; older ones, and all on plain addresses, say the page's origin only. */
  private static boolean ofAnotherSite(HttpServerRequest request) {
    String site = request.getHeader("Sec-Fetch-Site");
    if (site != null) {
      return !site.equals("same-origin") && !site.equals("none");
    }
    String origin = request.getHeader(HttpHeaders.ORIGIN);
    return origin != null && !authority(origin).equals(Optional.ofNullable(host(request)));
  }

  private static @Nullable String host(HttpServerRequest request) {
    String host = request.getHeader(HttpHeaders.HOST);
    return host == null ? null : host.toLowerCase(Locale.ROOT);
  }

  private static Optional<String> authority(String origin) {
    try {
      return Optional.ofNullable(URI.create(origin).getAuthority())
          .map(authority -> authority.toLowerCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
