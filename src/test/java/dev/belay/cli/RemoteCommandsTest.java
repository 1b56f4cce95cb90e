package dev.belay.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the commands send, and what they make of answers; the answers' forms are the API's. */
class RemoteCommandsTest {
  private static final String RUN =
      """
      {"incident": {"id": "covet-1", "service": "covet", "state": "open", "cause": "Errors\\u001b[2J",
       "openedAt": "2026-11-24T10:00:00.123456789Z", "paged": false,
       "run": {"action": "0d68cb16c134f3ef", "standing": "It will be done.", "secondsLeft": 12,
               "answers": ["approve", "veto"], "plan": {"words": "roll back deployment/covet/app", "digest": "0123456789abcdef0"}}}}
      """;

  @TempDir Path folder = Path.of("");

  private final Map<String, String> answers = new ConcurrentHashMap<>();
  private final List<String> asked = new ArrayList<>();
  private final Deque<String> inTurn = new ArrayDeque<>();
  private HttpServer server;
  private boolean locked;

  @BeforeEach
  void listen() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    String request = exchange.getRequestMethod() + " " + exchange.getRequestURI();
    String who = exchange.getRequestHeaders().getFirst("Authorization");
    asked.add(request + " " + body + (who == null ? "" : " as " + who));
    if (locked && !KNOWN.equals(who)) {
      exchange.sendResponseHeaders(401, -1);
      exchange.close();
      return;
    }
    String found =
        request.equals("GET /api/v1/rules/source") && !inTurn.isEmpty()
            ? inTurn.remove()
            : answers.get(request);
    if ("".equals(found)) {
      exchange.close();
      return;
    }
    byte[] text =
        (found == null ? "{\"error\": \"no \\u001bsuch thing\"}" : found)
            .getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(found == null ? 404 : 200, text.length);
    exchange.getResponseBody().write(text);
    exchange.close();
  }

  private static final String KNOWN = "Bearer known";

  private record Ended(int status, String out, String err) {}

  private Ended belay(String... words) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/";
    int status =
        Main.commandLine()
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(
                Stream.concat(Arrays.stream(words), Stream.of("--url", url))
                    .toArray(String[]::new));
    return new Ended(status, out.toString(), err.toString());
  }

  @Test
  void incidentsAreListedWithWhatIsAboutToBeDone() {
    String open = RUN.replace("{\"incident\": ", "{\"incidents\": [").strip();
    answers.put("GET /api/v1/incidents?state=open", open.substring(0, open.length() - 1) + "]}");
    Ended ended = belay("incidents");
    assertEquals(0, ended.status(), ended.err());
    assertTrue(ended.out().contains("covet-1   2026-11-24T10:00:00Z  covet    Errors [2J"));
    assertTrue(
        ended.out().contains("It will be done. (12 s left) roll back deployment/covet/app"),
        ended.out());
    assertFalse(ended.out().contains("\u001b"));
  }

  @Test
  void whatIsDoneAlreadyIsNotOfferedForApproval() {
    answers.put(
        "GET /api/v1/incidents?state=open",
        RUN.replace("{\"incident\": ", "{\"incidents\": [")
            .replace("}}}}", "}}}]}")
            .replace("\"approve\", \"veto\"", ""));
    Ended ended = belay("incidents");
    assertTrue(ended.out().contains("It will be done. roll back deployment"), ended.out());
    assertFalse(ended.out().contains("--plan"), ended.out());
  }

  @Test
  void anAddressThatIsNoneIsSaidInOneSentence() {
    for (String url : List.of("127.0.0.1:9196", "localhost:9196", "http://", "")) {
      StringWriter err = new StringWriter();
      int status =
          Main.commandLine().setErr(new PrintWriter(err)).execute("incidents", "--url", url);
      assertEquals(1, status);
      assertEquals(
          "belay: --url: " + url + " is no address such as http://belay:9096\n", err.toString());
    }
  }

  @Test
  void whereNothingIsWrongThatIsSaid() {
    answers.put("GET /api/v1/incidents?state=open", "{\"incidents\": []}");
    assertEquals("Nothing is wrong: no incident is open.\n", belay("incidents").out());
  }

  @Test
  void anApprovalIsForTheActionThatWasShownAndForNoOther() {
    answers.put("GET /api/v1/incidents/covet-1", RUN);
    answers.put("POST /api/v1/incidents/covet-1/approve", "{\"said\": \"ada approved it.\"}");
    Ended ended = belay("approve", "covet-1", "--plan", "01234567", "--as", "ada");
    assertEquals(0, ended.status(), ended.err());
    assertEquals("approve: roll back deployment/covet/app\nada approved it.\n", ended.out());
    assertEquals(
        "POST /api/v1/incidents/covet-1/approve"
            + " {\"person\":\"ada\",\"action\":\"0d68cb16c134f3ef\",\"plan\":\"0123456789abcdef0\"}",
        asked.getLast());
  }

  @Test
  void anApprovalThatDoesNotSayForWhichPlanOrForAnotherOneApprovesNothing() {
    answers.put("GET /api/v1/incidents/covet-1", RUN);
    answers.put("POST /api/v1/incidents/covet-1/approve", "{\"said\": \"ada approved it.\"}");
    String remedy = " --plan 0123456789ab: roll back deployment/covet/app\n";
    for (String shown : List.of("", "0", "0123456", "01234568", "fedcba9876543210")) {
      Ended ended =
          shown.isEmpty()
              ? belay("approve", "covet-1")
              : belay("approve", "covet-1", "--plan", shown);
      assertEquals(1, ended.status());
      assertTrue(ended.err().startsWith("belay: Nothing was approved. "), ended.err());
      assertTrue(ended.err().endsWith(remedy), ended.err());
      assertEquals("GET /api/v1/incidents/covet-1 ", asked.getLast());
    }
  }

  @Test
  void aVetoOfAnIncidentThatIsUnknownFailsWithTheDaemonsSentence() {
    Ended ended = belay("veto", "../hold");
    assertEquals(1, ended.status());
    assertEquals("belay: no  such thing\n", ended.err());
    assertEquals(List.of("GET /api/v1/incidents/..%2Fhold "), asked);
  }

  @Test
  void whoIsOnItSaysSoAndWhoTakesItInHandForHowLong() {
    answers.put("POST /api/v1/incidents/covet-1/acknowledge", "{\"said\": \"ada is on it.\"}");
    answers.put("POST /api/v1/incidents/covet-1/snooze", "{\"said\": \"ada has it in hand.\"}");
    assertEquals("ada is on it.\n", belay("acknowledge", "covet-1", "--as", "ada").out());
    assertEquals(
        "POST /api/v1/incidents/covet-1/acknowledge {\"person\":\"ada\"}", asked.getLast());
    assertEquals(1, belay("acknowledge", "covet-9", "--as", "ada").status());
    assertEquals("ada has it in hand.\n", belay("snooze", "covet-1", "--for", "1h").out());
    assertTrue(asked.getLast().contains("\"for\":\"1h\""), asked.getLast());
    assertEquals(2, belay("acknowledge").status());
  }

  @Test
  void aHoldIsSaidWithItsReasonAndReleased() {
    String held = "{\"standing\": \"Everything is on hold.\", \"hold\": \"ada: moving\"}";
    answers.put("POST /api/v1/hold", held);
    answers.put("GET /api/v1/hold", held);
    answers.put("DELETE /api/v1/hold", "{\"standing\": \"Belay is at work.\"}");
    assertEquals(
        "Everything is on hold. ada: moving\n", belay("hold", "moving", "--as", "ada").out());
    assertEquals(
        "POST /api/v1/hold {\"why\":\"moving\",\"person\":\"ada\"}", sorted(asked.getFirst()));
    assertEquals("Everything is on hold. ada: moving\n", belay("hold").out());
    assertEquals("Nothing is on hold.\n", belay("hold", "--release", "--as", "ada").out());
    assertEquals("DELETE /api/v1/hold {\"person\":\"ada\"}", asked.get(2));
    assertEquals(2, belay("hold", "moving", "--release").status());
  }

  /** The members of a body have no order. */
  private static String sorted(String request) {
    return request.replace(
        "{\"person\":\"ada\",\"why\":\"moving\"}", "{\"why\":\"moving\",\"person\":\"ada\"}");
  }

  @Test
  void aReloadIsAskedForAndWhatIsWrongIsSaid() {
    reloads(BEFORE, BEFORE, "", AFTER);
    Ended ended = belay("reload", "--as", "ada");
    assertEquals(0, ended.status(), ended.err());
    assertEquals("They are good.\nThey are in force: rules bbb.\n", ended.out());
    assertEquals("POST /-/reload {\"person\":\"ada\"}", asked.get(1));
    answers.remove("POST /-/reload");
    assertEquals(1, belay("reload").status());
  }

  @Test
  void aReloadThatCouldNotBeTakenOverFailsAndSaysWhy() {
    reloads(BEFORE, BEFORE, BEFORE.replace("}", ", \"trouble\": \"cannot listen\"}"));
    Ended ended = belay("reload");
    assertEquals(1, ended.status());
    assertEquals("They are good.\n", ended.out());
    assertEquals(
        "belay: not taken over, what was in force stays in force: cannot listen\n", ended.err());
  }

  @Test
  void aReloadOfWhichNothingIsHeardIsNotSaidToBeGood() {
    reloads(BEFORE);
    StringWriter err = new StringWriter();
    String url = "http://127.0.0.1:" + server.getAddress().getPort();
    int status =
        Main.commandLine()
            .addSubcommand("at-once", new ReloadCommand(Duration.ZERO))
            .setOut(new PrintWriter(new StringWriter()))
            .setErr(new PrintWriter(err))
            .execute("at-once", "--url", url);
    assertEquals(1, status);
    assertEquals(
        "belay: it is not known whether they were taken over; look at its log: "
            + url
            + " still has what was in force before\n",
        err.toString());
  }

  private static final String BEFORE =
      "{\"digest\": \"aaa\", \"readAt\": \"2026-11-24T10:00:00Z\", \"reloads\": true}";
  private static final String AFTER =
      "{\"digest\": \"bbb\", \"readAt\": \"2026-11-24T11:00:00Z\", \"reloads\": true}";

  /** What is answered in turn about what is in force; where it is empty, none is given. */
  private void reloads(String... sources) {
    answers.put("POST /-/reload", "{\"said\": \"They are good.\"}");
    answers.put("GET /api/v1/rules/source", sources[sources.length - 1]);
    inTurn.addAll(List.of(sources));
  }

  @Test
  void explanationsAndReportsAreWrittenAsTheyCome() {
    answers.put("GET /api/v1/explain/High%20Errors", "so it was\n");
    answers.put("GET /api/v1/incidents/covet-1/report", "# covet-1\n");
    answers.put(
        "GET /api/v1/services/shop%3Acart/report?from=2026-11-01T00%3A00%3A00Z&to=2026-11-02T00%3A00%3A00Z",
        "# Deployments\n");
    assertEquals("so it was\n", belay("explain", "High Errors").out());
    answers.put("GET /api/v1/explain/rel-1?from=2026-11-01T00%3A00%3A00Z", "so it was then\n");
    assertEquals(
        "so it was then\n", belay("explain", "rel-1", "--from", "2026-11-01T00:00:00Z").out());
    assertEquals("# covet-1\n", belay("report", "covet-1").out());
    assertEquals(
        "# Deployments\n",
        belay(
                "report",
                "--service",
                "shop:cart",
                "--from",
                "2026-11-01T00:00:00Z",
                "--to",
                "2026-11-02T00:00:00Z")
            .out());
  }

  @Test
  void aTokenComesFromItsFileAndOneThatCannotBeReadIsSaid() throws IOException {
    answers.put("GET /api/v1/incidents?state=open", "{\"incidents\": []}");
    Path token = Files.writeString(folder.resolve("token"), "s3cret\n");
    belay("incidents", "--token-file", token.toString());
    assertEquals("GET /api/v1/incidents?state=open  as Bearer s3cret", asked.getLast());
    Ended ended = belay("incidents", "--token-file", folder.resolve("none").toString());
    assertEquals(1, ended.status());
    assertTrue(ended.err().contains("there is no file"), ended.err());
    assertTrue(ended.err().contains("check the path"), ended.err());
  }

  @Test
  void aWrongTokenIsToldFromNone() throws IOException {
    answers.put("GET /api/v1/incidents?state=open", "{\"incidents\": []}");
    locked = true;
    Ended nobody = belay("incidents");
    assertTrue(nobody.err().contains("does not know you: give --token-file"), nobody.err());
    Path token = Files.writeString(folder.resolve("token"), "wrong");
    Ended wrong = belay("incidents", "--token-file", token.toString());
    assertTrue(wrong.err().contains("the token or password is wrong"), wrong.err());
    Files.writeString(token, "known");
    assertEquals(0, belay("incidents", "--token-file", token.toString()).status());
  }

  @Test
  void aUserWithoutAPasswordIsToldWhereToPutIt() {
    Ended ended = belay("incidents", "--user", "ada");
    assertEquals(1, ended.status());
    assertTrue(ended.err().contains("put the user's password into BELAY_PASSWORD"), ended.err());
    assertEquals(List.of(), asked);
  }

  @Test
  void whereNoBelayIsThatIsSaidWithWhatToDo() throws IOException {
    int port = server.getAddress().getPort();
    server.stop(0);
    StringWriter err = new StringWriter();
    int status =
        Main.commandLine()
            .setErr(new PrintWriter(err))
            .execute("incidents", "--url", "http://127.0.0.1:" + port);
    assertEquals(1, status);
    assertTrue(
        err.toString().contains("no Belay answers at http://127.0.0.1:" + port), err.toString());
    assertTrue(err.toString().contains("--url or BELAY_URL"), err.toString());
  }

  /** As a daemon may that starts anew at once; it had been said that none was there. */
  @Test
  void anAnswerThatDoesNotComeIsNotTakenForABelayThatIsNotThere() throws Exception {
    try (ServerSocket once = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread asked =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try (Socket connection = once.accept()) {
                      assertTrue(connection.getInputStream().read() >= 0);
                    } catch (IOException e) {
                      throw new UncheckedIOException(e);
                    }
                  });
      StringWriter err = new StringWriter();
      int status =
          Main.commandLine()
              .setErr(new PrintWriter(err))
              .execute("hold", "moving", "--url", "http://127.0.0.1:" + once.getLocalPort());
      asked.join();
      assertEquals(1, status);
      assertTrue(err.toString().contains("may have been done"), err.toString());
      assertFalse(err.toString().contains("no Belay answers"), err.toString());
    }
  }
}
