package dev.belay.intake.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The names by which Belay may be called. A page's own name may have been turned to this machine;
 * by it such a page is told from Belay's own.
 */
final class KnownHosts {
  private static final Pattern THIS_MACHINE =
      Pattern.compile("localhost\\.?|[a-z0-9.-]+\\.localhost|127(\\.[0-9]{1,3}){3}|\\[?::1]?");

  private final Set<String> names;

  /** Those, in lower case, beside this machine's own. */
  KnownHosts(Set<String> names) {
    this.names = Set.copyOf(names);
  }

  /** Whether the name is another. Browsers always say one; who says none is no browser. */
  boolean strange(HttpServerRequest request) {
    if (request.authority() == null && request.getHeader(HttpHeaders.HOST) == null) {
      return false;
    }
    String host = name(request);
    return !THIS_MACHINE.matcher(host).matches() && !names.contains(host);
  }

  /** By which name Belay was called, in lower case; empty where that cannot be read. */
  static String name(HttpServerRequest request) {
    HostAndPort authority = request.authority();
    return authority == null ? "" : authority.host().toLowerCase(Locale.ROOT);
  }
}
