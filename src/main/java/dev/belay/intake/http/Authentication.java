package dev.belay.intake.http;

import dev.belay.core.release.Shipper;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The gate: who may call, and what. Bearer tokens, several so that they can be rotated, users with
 * passwords, and people whom a trusted proxy names. As a handler it lets those pass on to the next
 * one that are known and have the role that the request asks for; those that are not known are
 * answered 401, and those that may not 403. Credentials are kept as digests only, and every one is
 * compared, in constant time.
 *
 * <p>At the doors of tools that sign, the signature stands in for them: those tools can send
 * nothing else.
 */
public final class Authentication implements Handler<RoutingContext> {
  /**
   * Under this key the routing context holds the name of the user whose password came with the
   * request, or whom the proxy names; nothing where a token came, which proves no person, or where
   * nobody is asked.
   */
  public static final String USER = "belay.user";

  /** Under this key the routing context holds the caller's {@link Role}. */
  public static final String ROLE = "belay.role";

  /** Under this key it holds why the caller is refused, known though it may be. */
  private static final String OBJECTION = "belay.objection";

  private static final String BEARER = "bearer ";
  private static final String BASIC = "basic ";

  private static final class Credential {
    private final Optional<String> user;
    private final Role role;
    private final byte[] digest;

    Credential(Optional<String> user, Role role, String secret) {
      this.user = user;
      this.role = role;
      this.digest = digest(secret.getBytes(StandardCharsets.UTF_8));
    }
  }

  private final boolean open;
  private final List<Credential> tokens;
  private final List<Credential> users;
  private final Optional<TrustedProxy> proxy;
  private final KnownHosts hosts;

  private final Signatures signatures;

  private Authentication(
      boolean open,
      List<Credential> tokens,
      List<Credential> users,
      Optional<TrustedProxy> proxy,
      KnownHosts hosts,
      Signatures signatures) {
    this.open = open;
    this.tokens = List.copyOf(tokens);
    this.users = List.copyOf(users);
    this.proxy = proxy;
    this.hosts = hosts;
    this.signatures = signatures;
  }

  /** Lets everybody pass who calls this machine by a name of its own. */
  public static Authentication none() {
    return none(Set.of());
  }

  /** Lets everybody pass who calls this machine by a name of its own, or by one of these. */
  public static Authentication none(Set<String> hosts) {
    return new Authentication(
        true,
        List.of(),
        List.of(),
        Optional.empty(),
        new KnownHosts(hosts),
        new Signatures(Map.of()));
  }

  /**
   * Lets those do everything that have one of the tokens, or a user's name and password.
   *
   * @param users from name to password
   * @throws IllegalArgumentException where there is no credential at all, one is empty, or a name
   *     holds a colon
   */
  public static Authentication of(List<String> tokens, Map<String, String> users) {
    return of(
        new Credentials(
            tokens.stream().map(token -> new Credentials.Token(token, Role.ADMIN)).toList(),
            users.entrySet().stream()
                .map(user -> new Credentials.User(user.getKey(), user.getValue(), Role.ADMIN))
                .toList(),
            Optional.empty()),
        Set.of());
  }

  /**
   * Lets those pass that have one of the credentials, as far as it goes.
   *
   * @param hosts by which names, beside this machine's own, people are sent here by the proxy
   * @throws IllegalArgumentException where there is no credential at all, one is empty, or a name
   *     holds a colon
   */
  public static Authentication of(Credentials known, Set<String> hosts) {
    if (known.none()) {
      throw new IllegalArgumentException(
          "authentication needs at least one token or user, else nobody could call");
    }
    List<Credential> bearers = new ArrayList<>();
    for (Credentials.Token token : known.tokens()) {
      if (token.secret().isBlank()) {
        throw new IllegalArgumentException("a bearer token is empty");
      }
      bearers.add(new Credential(Optional.empty(), token.role(), token.secret()));
    }
    List<Credential> basics = new ArrayList<>();
    for (Credentials.User user : known.users()) {
      String name = user.name();
      if (name.isEmpty() || name.indexOf(':') >= 0 || user.password().isEmpty()) {
        throw new IllegalArgumentException("a user needs a name without a colon, and a password");
      }
      basics.add(new Credential(Optional.of(name), user.role(), name + ":" + user.password()));
    }
    return new Authentication(
        false, bearers, basics, known.proxy(), new KnownHosts(hosts), new Signatures(Map.of()));
  }

  /**
   * The same; but these tools sign what they send.
   *
   * @param secrets of each tool that signs, several while they are rotated
   * @throws IllegalArgumentException where a tool cannot sign, or a secret is blank
   */
  public Authentication signing(Map<Shipper, List<String>> secrets) {
    return new Authentication(open, tokens, users, proxy, hosts, new Signatures(secrets));
  }

  /** The signatures that are asked for. */
  Signatures signatures() {
    return signatures;
  }

  /** What keeps other sites' web pages out; it stands before everything that acts or tells. */
  public SiteGuard sites() {
    return new SiteGuard(open ? Optional.of(hosts) : Optional.empty());
  }

  /** Whether no credentials are configured, so that everybody passes. */
  public boolean open() {
    return open;
  }

  /** Passes the request on, or answers 401 or 403. */
  @Override
  public void handle(RoutingContext context) {
    if (admits(context)) {
      context.next();
    } else {
      refuse(context);
    }
  }

  /** Whether the caller may; where it is known, the context then holds its name and its role. */
  boolean admits(RoutingContext context) {
    if (open) {
      context.put(ROLE, Role.ADMIN);
      return true;
    }
    HttpServerRequest request = context.request();
    Optional<TrustedProxy.Person> person = proxy.flatMap(it -> it.person(request));
    return person.isPresent()
        ? admits(context, person.get())
        : presented(request.getHeader("Authorization"))
            .filter(known -> admits(context, known.user, known.role))
            .isPresent();
  }

  /**
   * A page that gave itself the name of a machine which the proxy's address belongs to could write
   * the proxy's header; the name by which it calls Belay tells it.
   */
  private boolean admits(RoutingContext context, TrustedProxy.Person person) {
    if (hosts.strange(context.request())) {
      context.put(
          OBJECTION,
          "people come by the proxy to names that are known only; add the name by which you asked"
              + " under hosts in Belay's configuration");
      return false;
    }
    if (person.role().isEmpty()) {
      context.put(OBJECTION, "you are known, but none of your groups may do anything here");
      return false;
    }
    return admits(context, Optional.of(person.name()), person.role().get());
  }

  private static boolean admits(RoutingContext context, Optional<String> name, Role role) {
    name.ifPresent(it -> context.put(USER, it));
    context.put(ROLE, role);
    HttpMethod method = context.request().method();
    String path = context.normalizedPath();
    if (role.may(method, path)) {
      return true;
    }
    context.put(
        OBJECTION,
        "this needs the role "
            + Role.neededFor(method, path).word()
            + ", and these credentials have the role "
            + role.word());
    return false;
  }

  /** Answers 403 and what is needed to who is known; else 401, without saying what was wrong. */
  void refuse(RoutingContext context) {
    String objection = context.get(OBJECTION);
    if (objection != null) {
      error(context, 403, objection);
      return;
    }
    List<String> challenges = new ArrayList<>();
    if (!tokens.isEmpty()) {
      challenges.add("Bearer realm=\"belay\"");
    }
    if (!users.isEmpty()) {
      challenges.add("Basic realm=\"belay\", charset=\"UTF-8\"");
    }
    if (!challenges.isEmpty()) {
      context.response().putHeader("WWW-Authenticate", challenges);
    }
    error(context, 401, "authentication is required");
  }

  private static void error(RoutingContext context, int status, String sentence) {
    context
        .response()
        .setStatusCode(status)
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
        .end("{\"error\":\"" + sentence + "\"}");
  }

  /** Answers 401 where a signature is missing or wrong. */
  static void refuseUnsigned(RoutingContext context, String header) {
    context
        .response()
        .putHeader("WWW-Authenticate", "Signature realm=\"belay\", header=\"" + header + "\"");
    error(context, 401, "the signature in " + header + " is missing or wrong");
  }

  private Optional<Credential> presented(@Nullable String header) {
    if (header == null) {
      return Optional.empty();
    }
    if (header.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      String token = header.substring(BEARER.length()).strip();
      return among(tokens, token.getBytes(StandardCharsets.UTF_8));
    }
    if (header.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
      try {
        return among(users, Base64.getDecoder().decode(header.substring(BASIC.length()).strip()));
      } catch (IllegalArgumentException notBase64) {
        return Optional.empty();
      }
    }
    return Optional.empty();
  }

  private static Optional<Credential> among(List<Credential> known, byte[] presented) {
    byte[] digest = digest(presented);
    Optional<Credential> found = Optional.empty();
    for (Credential credential : known) {
      if (MessageDigest.isEqual(credential.digest, digest)) {
        found = Optional.of(credential);
      }
    }
    return found;
  }

  private static byte[] digest(byte[] secret) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(secret);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  @Override
  public String toString() {
    return "Authentication[tokens="
        + tokens.size()
        + ", users="
        + users.size()
        + (proxy.isPresent() ? ", proxy" : "")
        + "]";
  }
}
