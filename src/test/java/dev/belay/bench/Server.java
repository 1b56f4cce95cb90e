package dev.belay.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** A server in a JVM of its own. */
final class Server implements AutoCloseable {
  private final Process process;
  private final int port;

  /** Starts it; see {@link BenchServer}. */
  Server(String kind, Path folder, int services) throws IOException {
    Files.createDirectories(folder);
    process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@config/jvm.options",
                "-DBELAY_LOG_LEVEL=ERROR",
                "-cp",
                System.getProperty("java.class.path"),
                BenchServer.class.getName(),
                kind,
                folder.toString(),
                Integer.toString(services))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    BufferedReader out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    String line = out.readLine();
    if (line == null || !line.startsWith("port ")) {
      throw new IOException("the server did not start: " + line);
    }
    port = Integer.parseInt(line.substring(5));
  }

  int port() {
    return port;
  }

  /** When each service's first command reached its cluster. */
  Map<String, Long> seen() throws IOException, InterruptedException {
    try (HttpClient http = HttpClient.newHttpClient()) {
      String body =
          http.send(
                  HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/bench/seen"))
                      .build(),
                  HttpResponse.BodyHandlers.ofString())
              .body();
      Map<String, Long> seen = new HashMap<>();
      Arrays.stream(body.substring(1, body.length() - 1).split(", "))
          .filter(pair -> pair.contains("="))
          .forEach(
              pair ->
                  seen.put(
                      pair.substring(0, pair.indexOf('=')),
                      Long.parseLong(pair.substring(pair.indexOf('=') + 1))));
      return seen;
    }
  }

  /** Of its memory, what the machine has to hold now. */
  long residentMegabytes() throws IOException {
    return residentMegabytes(process);
  }

  static long residentMegabytes(Process process) throws IOException {
    return Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024)
        .findFirst()
        .orElse(0);
  }

  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }
}
