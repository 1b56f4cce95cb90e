package dev.belay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.EvaluationResult;
import dev.belay.core.rule.RuleSet;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The fences stand, and each of them bites: a class that breaks it is planted in a tree of its own
 * and must be found.
 */
final class FencesTest {
  private static final JavaClasses BELAY = importMain();

  @TempDir Path tree;

  private static JavaClasses importMain() {
    try {
      // Where a class of ours comes from, all of ours come from; the tests' classes lie elsewhere.
      Path classes =
          Path.of(RuleSet.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      return new ClassFileImporter().importPath(classes);
    } catch (URISyntaxException e) {
      throw new IllegalStateException("the classes lie at no path", e);
    }
  }

  @Test
  void everyClassHasARoom() throws IOException {
    Fences.everyClassHasARoom().check(BELAY);
    assertBites(Fences.everyClassHasARoom(), "package dev.belay.util; class Planted {}");
  }

  @Test
  void roomsImportOnlyWhatTheyMay() throws IOException {
    ArchRule fence = Fences.roomsImportOnlyWhatTheyMay();
    fence.check(BELAY);
    assertBites(
        fence,
        "package dev.belay.kube; class Planted { dev.belay.journal.Other other; }",
        "package dev.belay.journal; public class Other {}");
    assertBites(
        fence,
        "package dev.belay.core.rule; class Planted { dev.belay.port.Other other; }",
        "package dev.belay.port; public class Other {}");
    assertBites(
        fence,
        "package dev.belay.port; class Planted { dev.belay.notify.Other other; }",
        "package dev.belay.notify; public class Other {}");
    assertBites(
        fence,
        "package dev.belay.console; class Planted { dev.belay.app.Other other; }",
        "package dev.belay.app; public class Other {}");
    assertBites(
        fence,
        "package dev.belay.app; class Planted { dev.belay.cli.Other other; }",
        "package dev.belay.cli; public class Other {}");
  }

  @Test
  void librariesStayInTheirRooms() throws IOException {
    ArchRule fence = Fences.librariesStayInTheirRooms();
    fence.check(BELAY);
    assertBites(fence, "package dev.belay.kube; class Planted { io.vertx.core.Vertx vertx; }");
    assertBites(
        fence,
        "package dev.belay.intake; class Planted { io.fabric8.kubernetes.client.Config config; }");
    assertBites(fence, "package dev.belay.app; class Planted { java.sql.Connection connection; }");
    assertBites(fence, "package dev.belay.app; class Planted { com.slack.api.Slack slack; }");
  }

  @Test
  void coreSeesOnlyPlainJava() throws IOException {
    ArchRule fence = Fences.coreSeesOnlyPlainJava();
    fence.check(BELAY);
    assertBites(fence, "package dev.belay.core.x; class Planted { java.io.File file; }");
    assertBites(fence, "package dev.belay.core.x; class Planted { org.slf4j.Logger log; }");
    assertBites(
        fence,
        "package dev.belay.core.x; class Planted { java.util.concurrent.Executor executor; }");
    assertBites(
        fence, "package dev.belay.core.x; class Planted { java.security.SecureRandom chance; }");
  }

  @Test
  void coreIsDeterministic() throws IOException {
    ArchRule fence = Fences.coreIsDeterministic();
    fence.check(BELAY);
    for (String call :
        List.of(
            "java.time.Instant.now()",
            "java.time.LocalDate.now(java.time.ZoneOffset.UTC)",
            "java.time.Clock.systemUTC()",
            "System.nanoTime()",
            "System.getenv()",
            "Math.random()",
            "new java.util.Random()",
            "java.util.UUID.randomUUID()",
            "Thread.currentThread()",
            "java.util.List.of(1).parallelStream()",
            "java.util.stream.Stream.of(1).parallel()",
            "(java.util.function.Supplier<Object>) java.time.Instant::now")) {
      assertBites(
          fence,
          "package dev.belay.core.x; class Planted { Object it() { return " + call + "; } }");
    }
  }

  @Test
  void roomsAreFreeOfCycles() throws IOException {
    Fences.roomsAreFreeOfCycles().check(BELAY);
    assertBites(
        Fences.roomsAreFreeOfCycles(),
        "package dev.belay.app; public class Planted { dev.belay.cli.Other other; }",
        "package dev.belay.cli; public class Other { dev.belay.app.Planted planted; }");
  }

  @Test
  void everyPackageIsNullMarked() throws IOException {
    Fences.everyPackageIsNullMarked().check(BELAY);
    assertBites(Fences.everyPackageIsNullMarked(), "package dev.belay.app; class Planted {}");
  }

  private void assertBites(ArchRule fence, String... sources) throws IOException {
    EvaluationResult result = fence.evaluate(compiled(sources));
    String found = String.join("\n", result.getFailureReport().getDetails());
    assertTrue(result.hasViolation(), () -> "does not bite: " + String.join("\n", sources));
    assertTrue(found.contains("Planted"), found);
  }

  private JavaClasses compiled(String... sources) throws IOException {
    Path folder = Files.createTempDirectory(tree, "planted");
    List<Path> files = new ArrayList<>();
    for (String source : sources) {
      Path file = folder.resolve(nameIn(source) + ".java");
      files.add(Files.writeString(file, source));
    }
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter messages = new StringWriter();
    try (var manager = compiler.getStandardFileManager(null, null, null)) {
      List<String> options = List.of("-proc:none", "-implicit:none", "-d", folder.toString());
      var units = manager.getJavaFileObjectsFromPaths(files);
      boolean good = compiler.getTask(messages, manager, null, options, null, units).call();
      assertEquals("", good ? "" : messages.toString());
    }
    return new ClassFileImporter().importPath(folder);
  }

  private static String nameIn(String source) {
    Matcher name = Pattern.compile("class (\\w+)").matcher(source);
    assertTrue(name.find(), source);
    return name.group(1);
  }
}
