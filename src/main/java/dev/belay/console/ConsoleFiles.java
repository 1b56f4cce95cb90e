package dev.belay.console;

import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The files of the console: Belay's own and those of its libraries, as they lie in the jars. Each
 * is named here; nothing else is served. Read when they are first asked for, and kept.
 */
final class ConsoleFiles {
  /** Belay's own, in its folder. */
  static final List<String> OWN =
      List.of(
          "api.js",
          "app.js",
          "banner.js",
          "card.js",
          "change.js",
          "chart.js",
          "confirm.js",
          "console.css",
          "decisions.js",
          "deeds.js",
          "icon.svg",
          "incident.js",
          "leases.js",
          "live.js",
          "main.js",
          "now.js",
          "people.js",
          "releases.js",
          "route.js",
          "rules.js",
          "say.js",
          "services.js",
          "time.js",
          "view.js",
          "who.js");

  /** Not needed until a chart is looked at. */
  private static final String CHARTS = "lib/uplot.js";

  private static final String VERSION = "{version}";

  /** From the path here to the coordinates of a jar and the path in it. */
  private static final Map<String, Library> LIBRARIES =
      Map.ofEntries(
          Map.entry("lib/lit/index.js", npm("org.mvnpm/lit", "lit", "index.js")),
          Map.entry(
              "lib/lit-element/lit-element.js",
              npm("org.mvnpm/lit-element", "lit-element", "lit-element.js")),
          Map.entry(
              "lib/lit-html/lit-html.js", npm("org.mvnpm/lit-html", "lit-html", "lit-html.js")),
          Map.entry(
              "lib/lit-html/is-server.js", npm("org.mvnpm/lit-html", "lit-html", "is-server.js")),
          Map.entry(
              "lib/reactive-element/reactive-element.js",
              npm("org.mvnpm.at.lit/reactive-element", "reactive-element", "reactive-element.js")),
          Map.entry(
              "lib/reactive-element/css-tag.js",
              npm("org.mvnpm.at.lit/reactive-element", "reactive-element", "css-tag.js")),
          Map.entry("lib/uplot.js", uplot("uPlot.esm.js")),
          Map.entry("lib/uplot.css", uplot("uPlot.min.css")));

  /** What modules call a library by, and where it is. */
  private static final SortedMap<String, String> IMPORTS =
      new TreeMap<>(
          Map.of(
              "lit", "lib/lit/index.js",
              "lit-element/lit-element.js", "lib/lit-element/lit-element.js",
              "lit-html", "lib/lit-html/lit-html.js",
              "lit-html/", "lib/lit-html/",
              "@lit/reactive-element", "lib/reactive-element/reactive-element.js",
              "uplot", "lib/uplot.js"));

  /**
   * A file in a library's jar.
   *
   * @param coordinates where Maven notes the jar's version
   * @param path in the jar, with a place for the version
   */
  private record Library(String coordinates, String path) {}

  private static Library npm(String coordinates, String name, String file) {
    return new Library(
        coordinates, "META-INF/resources/_static/" + name + "/" + VERSION + "/" + file);
  }

  private static Library uplot(String file) {
    return new Library(
        "org.webjars.npm/uplot", "META-INF/resources/webjars/uplot/" + VERSION + "/dist/" + file);
  }

  /**
   * A file.
   *
   * @param type its media type
   */
  record File(String type, Buffer contents) {
    int size() {
      return contents.length();
    }
  }

  /** Read when they are first asked for. */
  private static final class Held {
    static final ConsoleFiles ALL = new ConsoleFiles();
  }

  private final SortedMap<String, File> files = new TreeMap<>();
  private final String base;
  private final String policy;
  private final File page;

  static ConsoleFiles all() {
    return Held.ALL;
  }

  private ConsoleFiles() {
    OWN.forEach(name -> files.put(name, new File(type(name), Buffer.buffer(own(name)))));
    LIBRARIES.forEach(
        (name, library) -> files.put(name, new File(type(name), Buffer.buffer(read(library)))));
    String template = new String(own("index.html"), StandardCharsets.UTF_8);
    MessageDigest digest = sha256();
    digest.update(template.getBytes(StandardCharsets.UTF_8));
    files.forEach(
        (name, file) -> {
          digest.update(name.getBytes(StandardCharsets.UTF_8));
          digest.update(file.contents().getBytes());
        });
    base = "/console/" + HexFormat.of().formatHex(digest.digest()).substring(0, 16);
    String importMap =
        IMPORTS.entrySet().stream()
            .map(each -> "\"" + each.getKey() + "\":\"" + base + "/" + each.getValue() + "\"")
            .collect(Collectors.joining(",", "{\"imports\":{", "}}"));
    policy =
        "default-src 'none'; script-src 'self' 'sha256-"
            + Base64.getEncoder()
                .encodeToString(sha256().digest(importMap.getBytes(StandardCharsets.UTF_8)))
            + "'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none';"
            + " form-action 'none'; frame-ancestors 'none'";
    page =
        new File(
            "text/html; charset=utf-8",
            Buffer.buffer(
                template
                    .replace("{importmap}", importMap)
                    .replace("{preload}", preload())
                    .replace("{base}", base)));
  }

  /** What the first view needs is asked for at once, not module by module. */
  private String preload() {
    return files.keySet().stream()
        .filter(name -> name.endsWith(".js") && !name.equals(CHARTS))
        .map(name -> "<link rel=\"modulepreload\" href=\"" + base + "/" + name + "\" />")
        .collect(Collectors.joining("\n    "));
  }

  /** What a browser may do with the page: load what lies here, and nothing else. */
  String policy() {
    return policy;
  }

  /** The folder of this version's files. */
  String base() {
    return base;
  }

  /** The page. */
  File page() {
    return page;
  }

  /** The paths of all files, below the folder. */
  Set<String> names() {
    return Collections.unmodifiableSet(files.keySet());
  }

  /** A file by its path below the folder. */
  Optional<File> file(String path) {
    return Optional.ofNullable(files.get(path));
  }

  private static String type(String name) {
    return switch (name.substring(name.lastIndexOf('.'))) {
      case ".js" -> "text/javascript; charset=utf-8";
      case ".css" -> "text/css; charset=utf-8";
      case ".svg" -> "image/svg+xml";
      default -> throw new IllegalStateException(name + " has no media type");
    };
  }

  private static byte[] own(String name) {
    return bytes(ConsoleFiles.class.getResourceAsStream(name), name);
  }

  private static byte[] read(Library library) {
    String notes = "META-INF/maven/" + library.coordinates() + "/pom.properties";
    Properties properties = new Properties();
    try (InputStream in = stream(notes)) {
      properties.load(Objects.requireNonNull(in, notes));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String path =
        library.path().replace(VERSION, Objects.requireNonNull(properties.getProperty("version")));
    return bytes(stream(path), path);
  }

  private static @Nullable InputStream stream(String path) {
    return ConsoleFiles.class.getResourceAsStream("/" + path);
  }

  private static byte[] bytes(@Nullable InputStream stream, String name) {
    try (InputStream in = Objects.requireNonNull(stream, name)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
