import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Starts the daemon once, from its jar, lets it work a little and stops it, so that the JVM writes down
 * what it learned (JEP 483, 514, 515): {@code Train JAR CACHE [JAVA]}. The next start of the same jar by the
 * same Java, here the one that runs this unless another is named, reads it and takes half as long.
 */
final class Train {
  private static final int WEBHOOKS = 50;

  public static void main(String[] args) throws IOException, InterruptedException {
    Path cache = Path.of(args[1]);
    String java = args.length > 2 ? args[2] : Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Files.deleteIfExists(cache);
    Path folder = Files.createTempDirectory("belay-train");
    Path config = folder.resolve("belay.yml");
    Files.writeString(
        config,
        "listen: 127.0.0.1:0\njournal: " + folder.resolve("journal") + "\nrules: " + Path.of("rules").toAbsolutePath() + "\n");
    Process daemon =
        new ProcessBuilder(
                java,
                "@config/jvm.options",
                "-XX:AOTCacheOutput=" + cache,
                "-jar",
                args[0],
                "run",
                "--config",
                config.toString())
            .redirectErrorStream(true)
            .start();
    try (BufferedReader said = daemon.inputReader()) {
      String url = said.lines().filter(line -> line.contains(" listens on http")).findFirst()
          .orElseThrow(() -> new IOException("the daemon did not start"))
          .replaceAll(".*(http://[0-9.:]+),.*", "$1");
      exercise(url);
      daemon.toHandle().destroy();
      said.lines().forEach(line -> {});
      if (!daemon.waitFor(2, TimeUnit.MINUTES) || !Files.exists(cache)) {
        throw new IOException("the JVM wrote no cache");
      }
    } finally {
      daemon.destroyForcibly();
      delete(folder);
    }
  }

  private static void exercise(String url) throws IOException, InterruptedException {
    try (HttpClient http = HttpClient.newHttpClient()) {
      for (int i = 0; i < WEBHOOKS; i++) {
        post(http, url + "/api/v2/alerts", "[{\"labels\":{\"alertname\":\"Trained\",\"n\":\"" + i + "\"}}]");
      }
      for (String path : List.of("/-/ready", "/metrics", "/api/v1/incidents", "/api/v1/decisions")) {
        http.send(HttpRequest.newBuilder(URI.create(url + path)).build(), HttpResponse.BodyHandlers.ofString());
      }
    }
  }

  private static void post(HttpClient http, String url, String body) throws IOException, InterruptedException {
    http.send(
        HttpRequest.newBuilder(URI.create(url)).header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body)).build(),
        HttpResponse.BodyHandlers.discarding());
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> inside = Files.walk(folder)) {
      for (Path each : inside.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }
}
