package dev.belay.app.config;

import dev.belay.core.release.Shipper;
import dev.belay.notify.SlackToken;
import dev.belay.rules.yaml.Fields;
import dev.belay.rules.yaml.Problems;
import dev.belay.rules.yaml.Quoted;
import dev.belay.rules.yaml.Spot;
import dev.belay.rules.yaml.Unreadable;
import dev.belay.rules.yaml.Yaml;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads secrets, from the configuration itself or from files; never shows one in a message. */
final class Secrets {
  static final List<String> SIGNING = List.of(Shipper.FLUX.key(), Shipper.GITHUB.key());

  /** A bot's, or one that its app rotates. */
  private static final Pattern BOT = Pattern.compile("(xoxe\\.)?xoxb-.+");

  private static final List<String> SIGNED = List.of("secrets", "secret_files");
  private static final int FILE_BYTES = 8 * 1024;

  /** What is shorter can be tried out, by whoever gets to a door or to what was signed. */
  private static final int SHORTEST = 16;

  private final Path folder;
  private final Problems problems;

  Secrets(Path folder, Problems problems) {
    this.folder = folder;
    this.problems = problems;
  }

  /** The secrets of those tools that sign what they send. */
  Map<Shipper, List<Secret>> signing(Fields webhooks) {
    Map<Shipper, List<Secret>> secrets = new EnumMap<>(Shipper.class);
    for (Shipper by : List.of(Shipper.FLUX, Shipper.GITHUB)) {
      webhooks
          .fields(by.key(), SIGNED)
          .ifPresent(
              door -> {
                int before = problems.errors();
                List<Secret> read = signing(door, "secrets", "secret_files", "a secret");
                if (!read.isEmpty()) {
                  secrets.put(by, read);
                } else if (before == problems.errors()) {
                  problems.error(
                      webhooks.at(by.key()),
                      "no secret is written, so nothing could be checked; write \"secrets\" or"
                          + " \"secret_files\", or leave the key out");
                }
              });
    }
    return Map.copyOf(secrets);
  }

  /** Secrets that sign, of which those that are too short are warned of. */
  List<Secret> signing(Fields fields, String inline, String files, String what) {
    List<Secret> secrets = several(fields, inline, files, what);
    // Which of them it is cannot be told from them: what is written may be a file.
    secrets.forEach(it -> warnIfShort(fields.at(inline, files), "secret", it));
    return secrets;
  }

  /** Warns of one that is easily found out. */
  void warnIfShort(Spot at, String what, Secret secret) {
    if (secret.reveal().strip().length() < SHORTEST) {
      problems.warning(
          at,
          "a "
              + what
              + " of fewer than "
              + SHORTEST
              + " characters can be guessed; make one with: openssl rand -hex 32");
    }
  }

  List<Secret> several(Fields fields, String inline, String files, String what) {
    List<Secret> secrets = new ArrayList<>();
    for (Yaml item : fields.items(inline)) {
      Fields.read(item, what, problems, Secret::new).ifPresent(secrets::add);
    }
    for (Yaml item : fields.items(files)) {
      Fields.read(item, what + "'s file", problems, this::file).ifPresent(secrets::add);
    }
    return List.copyOf(secrets);
  }

  static String username(String text) throws Unreadable {
    if (text.contains(":")) {
      throw new Unreadable("a user's name cannot hold a colon; HTTP ends it there");
    }
    return text;
  }

  /** The secret under one of two keys, of which exactly one must be written. */
  Optional<Secret> one(Fields fields, String inline, String file) {
    if (fields.has(inline) == fields.has(file)) {
      problems.error(
          fields.has(inline) ? fields.at(file) : fields.at(),
          "write either \"" + inline + "\" or \"" + file + "\"");
    }
    Optional<Secret> read = fields.read(file, this::file);
    return fields.read(inline, Secret::new).or(() -> read);
  }

  /** The secret under one of two keys, of which at most one may be written. */
  Optional<Secret> optional(Fields fields, String inline, String file) {
    return fields.has(inline) || fields.has(file) ? one(fields, inline, file) : Optional.empty();
  }

  /** The token under {@code token} or {@code token_file}, where it can be one of Slack's. */
  Optional<Secret> slackToken(Fields slack) {
    Optional<Secret> token = one(slack, "token", "token_file");
    try {
      token.ifPresent(it -> new SlackToken(it.reveal().toCharArray()));
      token
          .filter(it -> !BOT.matcher(it.reveal().strip()).matches())
          .ifPresent(
              _ ->
                  problems.warning(
                      slack.at("token", "token_file"),
                      "Slack will not know this token; give the app's bot token, which begins with"
                          + " xoxb-"));
      return token;
    } catch (IllegalArgumentException e) {
      problems.error(slack.at("token", "token_file"), String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  /** The secret in a file. */
  Secret file(String text) throws Unreadable {
    Path file = Addresses.path(folder, text);
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(FILE_BYTES + 1);
      // An editor's line end is not part of a secret; anything else is.
      String secret = new String(bytes, StandardCharsets.UTF_8).replaceFirst("\\r?\\n\\z", "");
      if (secret.isBlank() || bytes.length > FILE_BYTES) {
        String wrong = secret.isBlank() ? " is empty" : " is too long for a secret";
        throw new Unreadable("the file " + Quoted.of(text) + wrong + "; write the secret into it");
      }
      return new Secret(secret);
    } catch (IOException e) {
      throw new Unreadable(Addresses.unreadable(file));
    }
  }
}
