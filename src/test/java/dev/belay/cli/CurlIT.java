package dev.belay.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every curl command that the documents and the sandbox itself offer, run by a shell against a
 * sandbox as a newcomer would, does what is said of it.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class CurlIT {
  /** A command in a block of code, continued lines included, or between backticks. */
  private static final Pattern COMMAND =
      Pattern.compile("(?m)^ *(curl (?:[^\\n]*\\\\\\n)*[^\\n]*)$|`(curl [^`]*)`");

  private static final Pattern PLACE = Pattern.compile("http://127\\.0\\.0\\.1:\\d+(/[^ \\n]*)");
  private static final Pattern LISTENS = Pattern.compile("Listening on (http://[0-9.:]+) ");
  private static final long PATIENCE_SECONDS = 60;

  @TempDir Path folder = Path.of("");

  private record Answer(int status, String body) {}

  @Test
  void everyCommandDoesWhatIsSaidOfIt() throws Exception {
    Assumptions.assumeTrue(
        run("command -v curl").waitFor() == 0, "curl is not on the PATH; apt-get install curl");
    Process sandbox =
        new ProcessBuilder("./belay", "sandbox", "--port", "0")
            .redirectError(folder.resolve("errors").toFile())
            .start();
    try (BufferedReader out = sandbox.inputReader(StandardCharsets.UTF_8)) {
      String said = untilItInvites(out);
      Matcher listens = LISTENS.matcher(said);
      assertTrue(listens.find(), said);
      String url = listens.group(1);
      List<String> commands = new ArrayList<>(offered());
      assertEquals(7, commands.size(), commands::toString);
      List<String> invited = commands(said);
      assertEquals(3, invited.size(), said);
      commands.addAll(invited);
      for (String command : commands) {
        Matcher place = PLACE.matcher(command);
        assertTrue(place.find(), command + " names no address in full");
        String path = place.group(1);
        Answer answer = curl(place.replaceAll(url + "$1"));
        int status = path.endsWith("/veto") ? 409 : 200;
        assertEquals(status, answer.status(), () -> command + "\n" + answer.body());
        prove(command, path, answer, url);
      }
    } finally {
      sandbox.descendants().forEach(ProcessHandle::destroyForcibly);
      sandbox.destroyForcibly();
    }
  }

  /** What a command's path promises; a command of a path that is not known here has to be added. */
  private void prove(String command, String path, Answer answer, String url) throws Exception {
    String expected =
        switch (path) {
          case "/api/v2/alerts" -> {
            await(url + "/api/v1/services", "\"firing\":[\"HighErrorRate\"]");
            yield "";
          }
          case "/api/v1/events" -> {
            await(url + "/api/v1/releases", "\"id\":\"deploy-7\"");
            yield "{\"status\":\"accepted\"}";
          }
          case "/api/v1/incidents" -> "\"id\":\"covet-1\"";
          // The story is over when the commands are run; what an answer does, ApiRoutesTest shows.
          case "/api/v1/incidents/covet-1/veto" -> "there is nothing to veto";
          case "/metrics" -> "belay_incidents_opened_total ";
          case "/api/v1/hold" -> {
            boolean released = command.contains("DELETE");
            String hold = curl("curl " + url + "/api/v1/hold").body();
            assertEquals(released, !hold.contains("\"hold\":\"ada (claimed): "), hold);
            yield released
                ? "\"version\":"
                : "\"hold\":\"ada (claimed): we move to another cluster\"";
          }
          default -> throw new AssertionError("say here what this must do: " + command);
        };
    assertTrue(answer.body().contains(expected), () -> command + "\n" + answer.body());
    assertFalse(expected.isEmpty() && !answer.body().isBlank(), answer::toString);
  }

  private void await(String url, String text) throws Exception {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    String body = curl("curl " + url).body();
    while (!body.contains(text)) {
      assertTrue(System.nanoTime() < until, text + " does not come: " + body);
      body = curl("curl " + url).body();
    }
  }

  private static String untilItInvites(BufferedReader out) throws IOException {
    StringBuilder said = new StringBuilder();
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      said.append(line).append('\n');
      if (line.startsWith("Rules and journal")) {
        break;
      }
    }
    return said.toString();
  }

  private static List<String> offered() throws IOException {
    List<String> commands = new ArrayList<>();
    try (Stream<Path> top = Files.list(Path.of(""));
        Stream<Path> below = Files.walk(Path.of("docs"))) {
      for (Path document :
          Stream.concat(top, below).filter(path -> path.toString().endsWith(".md")).toList()) {
        commands.addAll(commands(Files.readString(document)));
      }
    }
    return commands;
  }

  private static List<String> commands(String text) {
    return COMMAND.matcher(text).results().map(CurlIT::command).toList();
  }

  private static String command(MatchResult found) {
    return found.group(1) == null ? found.group(2) : found.group(1);
  }

  /** Runs it as it stands, but silently, and with the status behind the body. */
  private Answer curl(String command) throws Exception {
    Process process = run("curl() { command curl -sS -w '\n%{http_code}' \"$@\"; }\n" + command);
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      String all = String.join("\n", out.lines().toList());
      assertTrue(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), command);
      assertEquals(0, process.exitValue(), () -> command + "\n" + all);
      int end = all.lastIndexOf('\n');
      return new Answer(
          Integer.parseInt(all.substring(end + 1)), all.substring(0, Math.max(end, 0)));
    }
  }

  private Process run(String script) throws IOException {
    return new ProcessBuilder("bash", "-c", script)
        .redirectError(folder.resolve("curl-errors").toFile())
        .start();
  }
}
