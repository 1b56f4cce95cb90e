package dev.belay.intake.http;

import dev.belay.core.release.Shipper;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
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
 * The gate: who may call. Bearer tokens, several so that they can be rotated, and users with
 * passwords. As a handler it lets those that are known pass on to the next one and answers all
 * others 401. Credentials are kept as digests only, and every one is compared, in constant time.
 *
 * <p>At the doors of tools that sign, the signature stands in for them: those tools can send
 * nothing else.
 */
public final class Authentication implements Handler<RoutingContext> {
  /**
   * Under this key the routing context holds the name of the user whose password came with the
   * request; nothing where a token came, which proves no person, or where nobody is asked.
   */
  public static final String USER = "belay.user";

  private static final String BEARER = "bearer ";
  private static final String BASIC = "basic ";

  private static final class Credential {
    private final Optional<String> user;
    private final byte[] digest;

    Credential(Optional<String> user, String secret) {
      this.user = user;
      this.digest = digest(secret.getBytes(StandardCharsets.UTF_8));
    }
  }

  private final Optional<Set<String>> open;
  private final List<Credential> tokens;
  private final List<Credential> users;

  private final Signatures signatures;

  private Authentication(
      Optional<Set<String>> open,
      List<Credential> tokens,
      List<Credential> users,
      Signatures signatures) {
    this.open = open;
    this.tokens = List.copyOf(tokens);
    this.users = List.copyOf(users);
    this.signatures = signatures;
  }

  /** Lets everybody pass who calls this machine by a name of its own. */
  public static Authentication none() {
    return none(Set.of());
  }

  /** Lets everybody pass who calls this machine by a name of its own, or by one of these. */
  public static Authentication none(Set<String> hosts) {
    return new Authentication(
        Optional.of(Set.copyOf(hosts)), List.of(), List.of(), new Signatures(Map.of()));
  }

  /**
   * Lets those pass that have one of the tokens, or a user's name and password.
   *
   * @param users from name to password
   * @throws IllegalArgumentException where there is no credential at all, one is empty, or a name
   *     holds a colon
   */
  public static Authentication of(List<String> tokens, Map<String, String> users) {
    if (tokens.isEmpty() && users.isEmpty()) {
      throw new IllegalArgumentException(
          "authentication needs at least one token or user, else nobody could call");
    }
    List<Credential> bearers = new ArrayList<>();
    for (String token : tokens) {
      if (token.isBlank()) {
        throw new IllegalArgumentException("a bearer token is empty");
      }
      bearers.add(new Credential(Optional.empty(), token));
    }
    List<Credential> basics = new ArrayList<>();
    users.forEach(
        (name, password) -> {
          if (name.isEmpty() || name.indexOf(':') >= 0 || password.isEmpty()) {
            throw new IllegalArgumentException(
                "a user needs a name without a colon, and a password");
          }
          basics.add(new Credential(Optional.of(name), name + ":" + password));
        });
    return new Authentication(Optional.empty(), bearers, basics, new Signatures(Map.of()));
  }

  /**
   * The same; but these tools sign what they send.
   *
   * @param secrets of each tool that signs, several while they are rotated
   * @throws IllegalArgumentException where a tool cannot sign, or a secret is blank
   */
  public Authentication signing(Map<Shipper, List<String>> secrets) {
    return new Authentication(open, tokens, users, new Signatures(secrets));
  }

  /** The signatures that are asked for. */
  Signatures signatures() {
    return signatures;
  }

  /** What keeps other sites' web pages out; it stands before everything that acts or tells. */
  public SiteGuard sites() {
    return new SiteGuard(open);
  }

  /** Passes the request on, or answers 401. */
  @Override
  public void handle(RoutingContext context) {
    if (admits(context)) {
      context.next();
    } else {
      refuse(context);
    }
  }

  /** Whether the caller may; where it is a user, the context then holds the name. */
  boolean admits(RoutingContext context) {
    if (open.isPresent()) {
      return true;
    }
    Optional<Credential> known = presented(context.request().getHeader("Authorization"));
    known.flatMap(credential -> credential.user).ifPresent(name -> context.put(USER, name));
    return known.isPresent();
  }

  /** Answers 401, without saying what was wrong. */
  void refuse(RoutingContext context) {
    List<String> challenges = new ArrayList<>();
    if (!tokens.isEmpty()) {
      challenges.add("Bearer realm=\"belay\"");
    }
    if (!users.isEmpty()) {
      challenges.add("Basic realm=\"belay\", charset=\"UTF-8\"");
    }
    context
        .response()
        .setStatusCode(401)
        .putHeader("WWW-Authenticate", challenges)
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
        .end("{\"error\":\"authentication is required\"}");
  }

  /** Answers 401 where a signature is missing or wrong. */
  static void refuseUnsigned(RoutingContext context, String header) {
    context
        .response()
        .setStatusCode(401)
        .putHeader("WWW-Authenticate", "Signature realm=\"belay\", header=\"" + header + "\"")
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
        .end("{\"error\":\"the signature in " + header + " is missing or wrong\"}");
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
    return "Authentication[tokens=" + tokens.size() + ", users=" + users.size() + "]";
  }
}
