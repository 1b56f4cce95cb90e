package dev.belay.intake;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a release event's artifact says: a package URL ({@code pkg:oci/app@sha256%3A...?tag=1.2}),
 * or any other text, which then is the version.
 *
 * @param version the tag, else the version, else the whole text
 * @param image the container image, where the URL is of type oci or docker
 */
record PackageUrl(Optional<String> version, Optional<String> image) {
  private static final String SCHEME = "pkg:";

  static PackageUrl parse(String artifact) {
    if (!artifact.startsWith(SCHEME)) {
      return new PackageUrl(Optional.of(artifact), Optional.empty());
    }
    String rest = before(artifact.substring(SCHEME.length()), '#');
    Map<String, String> qualifiers = qualifiers(after(rest, '?'));
    String path = before(rest, '?');
    int at = path.lastIndexOf('@');
    String version = at < 0 ? "" : decoded(path.substring(at + 1));
    String typed = at < 0 ? path : path.substring(0, at);
    String type = before(typed, '/');
    String name = decoded(after(typed, '/'));
    String tag = qualifiers.getOrDefault("tag", "");
    String known = tag.isEmpty() ? version : tag;
    return new PackageUrl(
        Optional.of(known.isEmpty() ? artifact : known),
        image(type, name, place(qualifiers.getOrDefault("repository_url", "")), version, tag));
  }

  private static Optional<String> image(
      String type, String name, String repository, String version, String tag) {
    // An oci URL's repository_url ends with the name; a docker URL's is the registry alone.
    String whole =
        switch (type) {
          case "oci" -> repository.isEmpty() ? name : repository;
          case "docker" -> repository.isEmpty() ? name : repository + "/" + name;
          default -> "";
        };
    if (whole.isEmpty()) {
      return Optional.empty();
    }
    boolean digest = version.contains(":");
    String named = tag.isEmpty() && !digest ? version : tag;
    return Optional.of(
        whole + (named.isEmpty() ? "" : ":" + named) + (digest ? "@" + version : ""));
  }

  /** Some write a URL with its scheme; an image's name has none. */
  private static String place(String url) {
    int scheme = url.indexOf("://");
    String place = scheme < 0 ? url : url.substring(scheme + "://".length());
    return place.endsWith("/") ? place.substring(0, place.length() - 1) : place;
  }

  private static Map<String, String> qualifiers(String query) {
    Map<String, String> qualifiers = new HashMap<>();
    for (String pair : query.split("&", -1)) {
      qualifiers.put(before(pair, '='), decoded(after(pair, '=')));
    }
    return qualifiers;
  }

  private static String before(String text, char mark) {
    int at = text.indexOf(mark);
    return at < 0 ? text : text.substring(0, at);
  }

  private static String after(String text, char mark) {
    int at = text.indexOf(mark);
    return at < 0 ? "" : text.substring(at + 1);
  }

  private static String decoded(String text) {
    try {
      String plain = URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
      return plain.chars().anyMatch(Character::isISOControl) ? text : plain;
    } catch (IllegalArgumentException notEncoded) {
      return text;
    }
  }
}
