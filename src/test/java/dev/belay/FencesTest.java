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
    assertFinds(Fences.everyClassHasARoom(), "package dev.belay.util; class Planted {}");
  }

  @Test
  void roomsImportOnlyWhatTheyMay() throws IOException {
    Fences.roomsImportOnlyWhatTheyMay().check(BELAY);
    assertFinds(
        Fences.roomsImportOnlyWhatTheyMay(),
        "package dev.belay.kube; class PlantedAdapter { dev.belay.journal.Journal other; }",
        "package dev.belay.journal; public class Journal {}",
        "package dev.belay.core.rule; class PlantedCore { dev.belay.port.Port other; }",
        "package dev.belay.port; public class Port {}",
        "package dev.belay.port; class PlantedPort { dev.belay.notify.Notify other; }",
        "package dev.belay.notify; public class Notify {}",
        "package dev.belay.console; class PlantedConsole { dev.belay.app.App other; }",
        "package dev.belay.app; public class App {}",
        "package dev.belay.app; class PlantedApp { dev.belay.cli.Cli other; }",
        "package dev.belay.cli; public class Cli {}");
  }

  @Test
  void librariesStayInTheirRooms() throws IOException {
    Fences.librariesStayInTheirRooms().check(BELAY);
    assertFinds(
        Fences.librariesStayInTheirRooms(),
        "package dev.belay.kube; class PlantedVertx { io.vertx.core.Vertx it; }",
        "package dev.belay.intake; class PlantedKube { io.fabric8.kubernetes.client.Config it; }",
        "package dev.belay.app; class PlantedSql { java.sql.Connection it; }",
        "package dev.belay.core.engine; class PlantedRegex { com.google.re2j.Pattern it; }",
        "package dev.belay.app; class PlantedSlack { com.slack.api.Slack it; }",
        "package dev.belay.app; class PlantedYaml { org.snakeyaml.engine.v2.api.Load it; }",
        "package dev.belay.app; class PlantedOptions { picocli.CommandLine it; }");
  }

  @Test
  void coreSeesOnlyPlainJava() throws IOException {
    Fences.coreSeesOnlyPlainJava().check(BELAY);
    assertFinds(
        Fences.coreSeesOnlyPlainJava(),
        "package dev.belay.core.x; class PlantedFile { java.io.File it; }",
        "package dev.belay.core.x; class PlantedPattern { java.util.regex.Pattern it; }",
        "package dev.belay.core.x; class PlantedLog { org.slf4j.Logger it; }",
        "package dev.belay.core.x; class PlantedThreads { java.util.concurrent.Executor it; }",
        "package dev.belay.core.x; class PlantedChance { java.security.SecureRandom it; }");
  }

  @Test
  void coreIsDeterministic() throws IOException {
    Fences.coreIsDeterministic().check(BELAY);
    List<String> calls =
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
            "(java.util.function.Supplier<Object>) java.time.Instant::now");
    List<String> sources = new ArrayList<>();
    for (String call : calls) {
      String name = "Planted" + (char) ('A' + sources.size());
      sources.add(
          "package dev.belay.core.x; class " + name + " { Object it() { return " + call + "; } }");
    }
    assertFinds(Fences.coreIsDeterministic(), sources.toArray(String[]::new));
  }

  @Test
  void roomsAreFreeOfCycles() throws IOException {
    Fences.roomsAreFreeOfCycles().check(BELAY);
    assertFinds(
        Fences.roomsAreFreeOfCycles(),
        "package dev.belay.app; public class Planted { dev.belay.cli.Cli other; }",
        "package dev.belay.cli; public class Cli { dev.belay.app.Planted planted; }");
  }

  @Test
  void everyPackageIsNullMarked() throws IOException {
    Fences.everyPackageIsNullMarked().check(BELAY);
    assertFinds(Fences.everyPackageIsNullMarked(), "package dev.belay.app; class Planted {}");
  }

  /** The fence reports every class whose name begins with Planted. */
  private void assertFinds(ArchRule fence, String... sources) throws IOException {
    EvaluationResult result = fence.evaluate(compiled(sources));
    String found = String.join("\n", result.getFailureReport().getDetails());
    for (String source : sources) {
      String name = nameIn(source);
      boolean reported = found.matches("(?s).*\\b" + name + "\\b.*");
      assertTrue(reported || !name.startsWith("Planted"), () -> "does not bite: " + source);
    }
  }

  private JavaClasses compiled(String... sources) throws IOException {
    List<Path> files = new ArrayList<>();
    for (String source : sources) {
      files.add(Files.writeString(tree.resolve(nameIn(source) + ".java"), source));
    }
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter messages = new StringWriter();
    try (var manager = compiler.getStandardFileManager(null, null, null)) {
      List<String> options = List.of("-proc:none", "-implicit:none", "-d", tree.toString());
      var units = manager.getJavaFileObjectsFromPaths(files);
      boolean good = compiler.getTask(messages, manager, null, options, null, units).call();
      assertEquals("", good ? "" : messages.toString());
    }
    return new ClassFileImporter().importPath(tree);
  }

  private static String nameIn(String source) {
    Matcher name = Pattern.compile("class (\\w+)").matcher(source);
    assertTrue(name.find(), source);
    return name.group(1);
  }
}
