package dev.belay.app.config;

import dev.belay.app.config.BelayConfig.Listen;
import dev.belay.app.config.BelayConfig.LogFormat;
import dev.belay.notify.SlackSettings;
import dev.belay.rules.yaml.Durations;
import dev.belay.rules.yaml.Nearest;
import dev.belay.rules.yaml.Quoted;
import dev.belay.rules.yaml.Unreadable;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Addresses, paths, sizes and words as they stand in the configuration file. */
final class Addresses {
  private static final Pattern LISTEN =
      Pattern.compile("(?:\\[([0-9A-Fa-f:.]+)]|([-.A-Za-z0-9]*)):([0-9]{1,5})");
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9][-.A-Za-z0-9]{0,252}");
  private static final Pattern SIZE = Pattern.compile("([0-9]{1,9}) ?(|KiB|MiB|GiB)");
  private static final int MOST_PORT = 65_535;

  private Addresses() {}

  static Listen listen(String text) throws Unreadable {
    Matcher parts = LISTEN.matcher(text);
    if (parts.matches() && Integer.parseInt(parts.group(3)) > MOST_PORT) {
      throw new Unreadable(
          Quoted.of(text) + " has no such port; they go from 0 (any free one) to " + MOST_PORT);
    }
    if (!parts.matches()) {
      throw new Unreadable(
          Quoted.of(text) + " is not an address; write host:port, such as 127.0.0.1:9096");
    }
    String host = parts.group(1) == null ? parts.group(2) : parts.group(1);
    return new Listen(host.isEmpty() ? "0.0.0.0" : host, Integer.parseInt(parts.group(3)));
  }

  /** A name without a port, in lower case. */
  static String host(String text) throws Unreadable {
    if (!HOST.matcher(text).matches()) {
      throw new Unreadable(
          Quoted.of(text) + " is not a host; write its name alone, such as belay.example.com");
    }
    return text.toLowerCase(Locale.ROOT);
  }

  static long bytes(String text, long least, long most) throws Unreadable {
    Matcher parts = SIZE.matcher(text);
    if (!parts.matches()) {
      throw new Unreadable(Quoted.of(text) + " is not a size; write it as 512KiB, 4MiB or 2GiB");
    }
    long unit =
        switch (parts.group(2)) {
          case "KiB" -> 1024L;
          case "MiB" -> 1L << 20;
          case "GiB" -> 1L << 30;
          default -> 1L;
        };
    long bytes = Long.parseLong(parts.group(1)) * unit;
    if (bytes < least || bytes > most) {
      throw new Unreadable(
          Quoted.of(text) + " is out of range; write " + size(least) + " to " + size(most));
    }
    return bytes;
  }

  /** For how long the journal keeps what it was told. */
  static Duration retentionTime(String text) throws Unreadable {
    Duration time = Durations.people(text);
    if (time.compareTo(Duration.ofHours(1)) < 0) {
      throw new Unreadable("must be an hour at least; write a duration such as 90d");
    }
    return time;
  }

  private static String size(long bytes) {
    return bytes % (1L << 30) == 0
        ? (bytes >> 30) + "GiB"
        : bytes % (1L << 20) == 0 ? (bytes >> 20) + "MiB" : (bytes >> 10) + "KiB";
  }

  /** Why a file that is named cannot be read, as far as its folder tells, and what to do. */
  static String unreadable(Path file) {
    String name = Quoted.of(file.toString());
    return Files.notExists(file)
        ? "there is no file " + name + "; check the path"
        : "the file " + name + " cannot be read; check its rights";
  }

  /** A path, from {@code folder} where it is relative. */
  static Path path(Path folder, String text) throws Unreadable {
    try {
      return folder.resolve(text).normalize();
    } catch (InvalidPathException e) {
      throw new Unreadable(Quoted.of(text) + " is not a path");
    }
  }

  /** Where Slack's API is, at an address to which a token may be sent. */
  static String slackApi(String text) throws Unreadable {
    String url = url(text, "https://slack.com/api/");
    try {
      SlackSettings.requireSafe(URI.create(url));
      return url;
    } catch (IllegalArgumentException e) {
      throw new Unreadable(String.valueOf(e.getMessage()));
    }
  }

  /** Where Prometheus is; what its API is called is added to it. */
  static URI prometheus(String text) throws Unreadable {
    URI uri = URI.create(url(text, "http://prometheus:9090"));
    if (uri.getQuery() != null || uri.getFragment() != null) {
      throw new Unreadable("not Prometheus's address; leave out what follows the path");
    }
    return uri;
  }

  /** Any web address. */
  static URI web(String text) throws Unreadable {
    return URI.create(url(text, "https://example.com/path"));
  }

  private static String url(String text, String example) throws Unreadable {
    try {
      URI uri = URI.create(text);
      boolean web = "https".equals(uri.getScheme()) || "http".equals(uri.getScheme());
      if (web && uri.getHost() != null && uri.getUserInfo() == null) {
        return text;
      }
    } catch (IllegalArgumentException e) {
      // Says the same as what follows, less well.
    }
    // The text is not shown: addresses may hold passwords.
    throw new Unreadable("not a web address; write it as " + example + ", without a user");
  }

  static LogFormat logFormat(String text) throws Unreadable {
    return switch (text) {
      case "text" -> LogFormat.TEXT;
      case "json" -> LogFormat.JSON;
      default ->
          throw new Unreadable(
              Quoted.of(text)
                  + " is not a format of logs"
                  + Nearest.hint(text, List.of("text", "json")));
    };
  }
}
