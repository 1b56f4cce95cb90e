package dev.belay.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ConsoleRoutesTest {
  private static final Path SOURCE = Path.of("src/main/resources/dev/belay/console");
  private static final Pattern ADDRESS = Pattern.compile("(?:href|src)=\"([^\"]+)\"");
  private static final Pattern IMPORT =
      Pattern.compile("(?:import|from)\\s*\\(?[\"']([^\"']+)[\"']");
  private static final Pattern INLINE =
      Pattern.compile("<script type=\"importmap\">(.*?)</script>", Pattern.DOTALL);

  private final Caller caller = new Caller(router -> new ConsoleRoutes().mount(router));

  @AfterEach
  void close() {
    caller.close();
  }

  private static String header(HttpResponse<String> response, String name) {
    return response.headers().firstValue(name).orElse("");
  }

  @Test
  void everyFileOfTheConsoleIsServedAndNoOther() throws IOException {
    try (var files = Files.list(SOURCE)) {
      assertEquals(
          ConsoleFiles.OWN,
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> !name.equals("index.html"))
              .sorted()
              .toList());
    }
    String base = ConsoleFiles.all().base();
    for (String path :
        List.of(
            base + "/index.html",
            base + "/lib/lit/package.json",
            base + "/../../../api/v1/status",
            base + "/%2e%2e/app.js",
            base + "/",
            "/console/0000000000000000/app.js",
            "/console/app.js")) {
      HttpResponse<String> response = caller.get(path);
      assertEquals(404, response.statusCode(), path);
      assertFalse(header(response, "Cache-Control").contains("immutable"), path);
    }
  }

  @Test
  void whatThePageAsksForIsThereAndMayBeKeptForEver() {
    Matcher asked = ADDRESS.matcher(caller.get("/").body());
    int count = 0;
    while (asked.find()) {
      HttpResponse<String> file = caller.get(asked.group(1));
      assertEquals(200, file.statusCode(), asked.group(1));
      assertEquals(
          "public, max-age=31536000, immutable", header(file, "Cache-Control"), asked.group(1));
      assertEquals("nosniff", header(file, "X-Content-Type-Options"));
      count++;
    }
    assertTrue(count > 25, "only " + count);
  }

  /** The map in the page and the folders beside it lead every import of every module somewhere. */
  @Test
  void everyImportLeadsSomewhere() {
    String page = caller.get("/").body();
    String base = ConsoleFiles.all().base();
    for (String name : ConsoleFiles.all().names()) {
      // The library of charts is one module, which imports nothing.
      if (name.endsWith(".js") && !name.equals("lib/uplot.js")) {
        Matcher imports = IMPORT.matcher(caller.get(base + "/" + name).body());
        while (imports.find()) {
          String wanted = imports.group(1);
          if (wanted.startsWith("./")) {
            String folder = name.substring(0, name.lastIndexOf('/') + 1);
            assertTrue(
                ConsoleFiles.all().file(folder + wanted.substring(2)).isPresent(),
                name + " imports " + wanted);
          } else {
            boolean mapped = page.contains("\"" + wanted + "\":");
            assertTrue(
                mapped || ConsoleFiles.all().file("lib/" + wanted).isPresent(),
                name + " imports " + wanted);
          }
        }
      }
    }
  }

  @Test
  void thePolicyAllowsTheImportMapAndNothingElseInline() throws Exception {
    HttpResponse<String> page = caller.get("/");
    String policy = header(page, "Content-Security-Policy");
    Matcher inline = INLINE.matcher(page.body());
    assertTrue(inline.find());
    String hash =
        Base64.getEncoder()
            .encodeToString(
                MessageDigest.getInstance("SHA-256")
                    .digest(inline.group(1).getBytes(StandardCharsets.UTF_8)));
    assertTrue(policy.contains("script-src 'self' 'sha256-" + hash + "'"), policy);
    assertTrue(policy.startsWith("default-src 'none';"), policy);
    for (String open : List.of("unsafe", "http:", "https:", "*", "data:")) {
      assertFalse(policy.contains(open), policy);
    }
    assertFalse(page.body().contains(" style="), "a style would be refused");
    assertFalse(page.body().matches("(?s).* on[a-z]+=.*"), "a handler would be refused");
    assertEquals("DENY", header(page, "X-Frame-Options"));
    assertEquals("no-cache", header(page, "Cache-Control"));
  }

  /** What others wrote becomes text by Lit alone; nothing here makes HTML of text. */
  @Test
  void noModuleMakesHtmlOfText() throws IOException {
    Pattern made =
        Pattern.compile(
            "innerHTML|outerHTML|insertAdjacentHTML|document\\.write|unsafeHTML|eval\\(|Function\\(");
    for (String name : ConsoleFiles.OWN) {
      assertFalse(made.matcher(Files.readString(SOURCE.resolve(name))).find(), name);
    }
  }

  @Test
  void answersWithoutABodyWhereNoneIsAskedFor() {
    HttpResponse<String> page = caller.call("HEAD", "/", "");
    assertEquals(200, page.statusCode());
    assertEquals("", page.body());
    assertEquals(405, caller.post("/", "{}").statusCode());
  }
}
