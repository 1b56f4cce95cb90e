package dev.belay.app.config;

import dev.belay.app.config.BelayConfig.Auth;
import dev.belay.app.config.BelayConfig.Auth.Basic;
import dev.belay.app.config.BelayConfig.Auth.Token;
import dev.belay.intake.http.AddressRange;
import dev.belay.intake.http.Role;
import dev.belay.intake.http.TrustedProxy;
import dev.belay.rules.yaml.Fields;
import dev.belay.rules.yaml.Nearest;
import dev.belay.rules.yaml.Problems;
import dev.belay.rules.yaml.Quoted;
import dev.belay.rules.yaml.Spot;
import dev.belay.rules.yaml.Unreadable;
import dev.belay.rules.yaml.Yaml;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads {@code auth}: who may send and ask, and how far each may go. */
final class AuthReader {
  static final List<String> KEYS = List.of("bearer_tokens", "bearer_token_files", "basic", "proxy");
  private static final List<String> TOKEN = List.of("token", "role");
  private static final List<String> TOKEN_FILE = List.of("file", "role");
  private static final List<String> BASIC =
      List.of("username", "password", "password_file", "role");
  private static final List<String> PROXY =
      List.of("header", "groups_header", "groups", "role", "from");
  private static final Pattern HEADER = Pattern.compile("[A-Za-z0-9-]{1,64}");

  /** What was written before there were roles goes on doing what it could do. */
  private static final Role UNWRITTEN = Role.ADMIN;

  private final Problems problems;
  private final Secrets secrets;

  AuthReader(Problems problems, Secrets secrets) {
    this.problems = problems;
    this.secrets = secrets;
  }

  Auth read(Fields auth) {
    List<Token> tokens = new ArrayList<>();
    for (Yaml item : auth.items("bearer_tokens")) {
      token(item, "a bearer token", TOKEN, "token", false).ifPresent(tokens::add);
    }
    for (Yaml item : auth.items("bearer_token_files")) {
      token(item, "a bearer token's file", TOKEN_FILE, "file", true).ifPresent(tokens::add);
    }
    List<Basic> basic = new ArrayList<>();
    Map<String, Spot> names = new HashMap<>();
    for (Yaml item : auth.items("basic")) {
      Fields.of(item, "a user", problems, BASIC)
          .flatMap(user -> basic(user, names))
          .ifPresent(basic::add);
    }
    return new Auth(
        List.copyOf(tokens), List.copyOf(basic), auth.fields("proxy", PROXY).flatMap(this::proxy));
  }

  /** A token alone, or with a role beside it. */
  private Optional<Token> token(
      Yaml item, String what, List<String> keys, String key, boolean file) {
    if (!(item instanceof Yaml.Mapping)) {
      Optional<Secret> secret =
          file
              ? Fields.read(item, what, problems, this::tokenFile)
              : Fields.read(item, what, problems, Secret::new);
      secret.ifPresent(it -> secrets.warnIfShort(item.at(), "token", it));
      return secret.map(it -> new Token(it, UNWRITTEN));
    }
    return Fields.of(item, what, problems, keys)
        .flatMap(
            fields -> {
              fields.require(key, "write the token" + (file ? "'s file" : ""));
              Optional<Role> role = role(fields);
              Optional<Secret> secret =
                  file ? fields.read(key, this::tokenFile) : fields.read(key, Secret::new);
              secret.ifPresent(it -> secrets.warnIfShort(fields.at(key), "token", it));
              return role.flatMap(it -> secret.map(found -> new Token(found, it)));
            });
  }

  /** A header has one line, so what has more would let nobody in. */
  private Secret tokenFile(String text) throws Unreadable {
    Secret secret = secrets.file(text);
    if (secret.reveal().lines().count() > 1) {
      throw new Unreadable(
          "the file "
              + Quoted.of(text)
              + " has several lines, and a token is one; write each into a file of its own");
    }
    return secret;
  }

  private Optional<Basic> basic(Fields user, Map<String, Spot> names) {
    user.require("username", "write the user's name");
    Optional<String> name = user.read("username", Secrets::username);
    name.map(it -> names.putIfAbsent(it, user.at("username")))
        .ifPresent(
            earlier ->
                problems.error(
                    user.at("username"),
                    "the user "
                        + Quoted.of(name.orElseThrow())
                        + " is already in line "
                        + earlier.line()
                        + "; keep one of them"));
    Optional<Role> role = role(user);
    Optional<Secret> password = secrets.one(user, "password", "password_file");
    password.ifPresent(
        it -> secrets.warnIfShort(user.at("password", "password_file"), "password", it));
    return name.flatMap(
        it -> password.flatMap(secret -> role.map(found -> new Basic(it, secret, found))));
  }

  /** The role beside a credential; empty where what is written is none. */
  private static Optional<Role> role(Fields fields) {
    return fields.has("role") ? fields.read("role", AuthReader::role) : Optional.of(UNWRITTEN);
  }

  private static Role role(String text) throws Unreadable {
    List<String> words = Arrays.stream(Role.values()).map(Role::word).toList();
    return Arrays.stream(Role.values())
        .filter(role -> role.word().equals(text))
        .findFirst()
        .orElseThrow(
            () -> new Unreadable(Quoted.of(text) + " is not a role" + Nearest.hint(text, words)));
  }

  /** By the proxy nobody may do anything unless it is written: there was none before. */
  private Optional<TrustedProxy> proxy(Fields proxy) {
    proxy.require("header", "write the header in which the proxy names people");
    proxy.require("from", "list the proxy's addresses, lest anybody could name themselves");
    Optional<String> header = proxy.read("header", AuthReader::header);
    Optional<String> groupsHeader = proxy.read("groups_header", AuthReader::header);
    Optional<Role> everyone = proxy.read("role", AuthReader::role);
    Map<String, Role> groups = new HashMap<>();
    for (Yaml.Entry group : proxy.entries("groups")) {
      Fields.read(group.value(), Quoted.of(group.key()), problems, AuthReader::role)
          .ifPresent(role -> groups.put(group.key(), role));
    }
    if (groupsHeader.isEmpty() && !groups.isEmpty()) {
      problems.error(
          proxy.at("groups"), "nothing tells who is in a group; write \"groups_header\" too");
    }
    if (!proxy.has("role") && !proxy.has("groups")) {
      problems.error(
          proxy.at(),
          "nobody could do anything; write \"role\" for all whom the proxy names, or \"groups\"");
    }
    List<AddressRange> from = new ArrayList<>();
    for (Yaml item : proxy.items("from")) {
      Fields.read(item, "a proxy's address", problems, AuthReader::range).ifPresent(from::add);
    }
    return header
        .filter(_ -> !from.isEmpty())
        .map(
            named ->
                new TrustedProxy(
                    named, groupsHeader, Map.copyOf(groups), everyone, List.copyOf(from)));
  }

  private static String header(String text) throws Unreadable {
    if (!HEADER.matcher(text).matches()) {
      throw new Unreadable(Quoted.of(text) + " is not a header; write it as X-Forwarded-User");
    }
    return text;
  }

  private static AddressRange range(String text) throws Unreadable {
    try {
      AddressRange range = AddressRange.of(text);
      if (range.everything()) {
        throw new Unreadable(
            Quoted.of(text)
                + " is every address there is, so that anybody could name themselves; write the"
                + " proxy's own");
      }
      return range;
    } catch (IllegalArgumentException e) {
      throw new Unreadable(Quoted.of(text) + " is " + e.getMessage());
    }
  }
}
