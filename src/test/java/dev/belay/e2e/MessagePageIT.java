package dev.belay.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.belay.core.incident.Notice;
import dev.belay.notify.MessageWall;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The page of messages in a real browser, under its own policy, full of hostile text. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class MessagePageIT {
  private static final long PATIENCE_SECONDS = 60;
  private static final int PHONE_WIDTH = 500;
  private static final int WHITE = 0xffffff;
  private static final int NIGHT = 0x1a1d21;

  private static final List<String> HOSTILE =
      List.of(
          "<script>document.title = 'owned'; fetch('/beacon-script')</script>",
          "</style><style>body { display: none; background: url(/beacon-style) }</style>",
          "<img src=/beacon-image onerror=\"document.title='owned'\">",
          "<iframe src=/beacon-frame></iframe><meta http-equiv=refresh content='0;/beacon-meta'>",
          "\"><a href=\"javascript:document.title='owned'\">click</a><base href=//elsewhere/>",
          "\u202ereversed\u0000\u001b[31m",
          "w".repeat(3_000));

  @TempDir Path folder = Path.of("");

  private final MessageWall wall = new MessageWall();
  private final Set<String> asked = ConcurrentHashMap.newKeySet();
  private HttpServer server;

  @BeforeEach
  void serve() throws IOException {
    Programs.assumePresent(Programs.CHROMIUM);
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    if (server != null) {
      server.stop(0);
    }
  }

  private void answer(HttpExchange http) throws IOException {
    try (http) {
      asked.add(http.getRequestURI().getPath());
      byte[] page = wall.html().getBytes(StandardCharsets.UTF_8);
      http.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
      http.getResponseHeaders().set("Content-Security-Policy", MessageWall.contentSecurityPolicy());
      http.sendResponseHeaders(200, page.length);
      http.getResponseBody().write(page);
    }
  }

  @Test
  void hostileTextIsOnlyText() throws Exception {
    post(HOSTILE);
    String page = browse("--dump-dom");
    assertTrue(page.contains("<title>Belay: messages</title>"), page);
    for (String element : List.of("<script", "<img", "<iframe", "<a ", "<base", "<meta http")) {
      assertEquals(-1, page.indexOf(element), page);
    }
    assertTrue(page.contains("&lt;script&gt;document.title = 'owned'"), page);
    assertTrue(Set.of("/", "/favicon.ico").containsAll(asked), asked.toString());
  }

  @Test
  void fitsAPhoneByDayAndByNight() throws Exception {
    post(HOSTILE);
    for (boolean night : List.of(false, true)) {
      BufferedImage picture = photograph(night);
      int page = night ? NIGHT : WHITE;
      assertEquals(PHONE_WIDTH, picture.getWidth());
      // The policy lets the style through: the page has its colour, and a margin on both sides.
      for (int y = 0; y < picture.getHeight(); y++) {
        for (int x : new int[] {1, 12, PHONE_WIDTH - 12, PHONE_WIDTH - 2}) {
          assertEquals(page, picture.getRGB(x, y) & WHITE, "at " + x + ", " + y);
        }
      }
      // The edge of a conversation that was opened and is not closed.
      assertTrue(shows(picture, night ? 0xe5b34b : 0x9a6200), "the edge has no colour");
    }
  }

  private void post(List<String> texts) {
    int number = 1;
    for (String text : texts) {
      wall.deliver(
          new Notice(
              "covet-" + number,
              number++,
              Notice.Kind.OPENED,
              text,
              text,
              text,
              Instant.parse("2026-11-24T10:00:00Z"),
              Optional.empty()),
          Optional.empty());
    }
  }

  private static boolean shows(BufferedImage picture, int colour) {
    for (int y = 0; y < picture.getHeight(); y++) {
      for (int x = 0; x < picture.getWidth(); x++) {
        if ((picture.getRGB(x, y) & WHITE) == colour) {
          return true;
        }
      }
    }
    return false;
  }

  private BufferedImage photograph(boolean night) throws Exception {
    Path file = folder.resolve("page-" + night + ".png");
    browse(
        "--screenshot=" + file,
        "--hide-scrollbars",
        "--force-device-scale-factor=1",
        "--window-size=" + PHONE_WIDTH + ",1200",
        "--blink-settings=preferredColorScheme=" + (night ? 0 : 1));
    return ImageIO.read(file.toFile());
  }

  private String browse(String... options) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                Programs.path(Programs.CHROMIUM),
                "--headless",
                // Its own walls need rights that a build's user seldom has.
                "--no-sandbox",
                "--disable-gpu",
                "--user-data-dir=" + folder.resolve("profile")));
    command.addAll(List.of(options));
    command.add("http://127.0.0.1:" + server.getAddress().getPort() + "/");
    Path output = folder.resolve("output");
    Process browser =
        new ProcessBuilder(command)
            .redirectOutput(output.toFile())
            .redirectError(folder.resolve("errors").toFile())
            .start();
    try {
      assertTrue(browser.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), "the browser hangs");
    } finally {
      browser.descendants().forEach(ProcessHandle::destroyForcibly);
      browser.destroyForcibly();
    }
    return Files.readString(output);
  }
}
