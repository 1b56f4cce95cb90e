package dev.belay.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.Documents;
import dev.belay.controlplane.ControlPlane;
import dev.belay.controlplane.Eventually;
import dev.belay.controlplane.FreePort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Belay's image, as {@code src/test/image/build.sh} builds it, locked up as the chart has it. */
final class ImageIT {
  private static final String IMAGE = "belay:test";
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final long LARGEST = 300_000_000;

  @TempDir private Path folder = Path.of("");

  private final int port = FreePort.next();
  private String container = "";

  @BeforeEach
  void needsTheImage() throws IOException {
    Assumptions.assumeTrue(
        isThere(), "no image belay:test: run src/test/image/build.sh, with a container engine");
    // The user of the container is not the one of this test.
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.createDirectories(folder.resolve("rules"));
    Programs.write(
        folder,
        "belay.yml",
        """
        listen: 0.0.0.0:9096
        auth: { bearer_tokens: [ token ] }
        rules: /etc/belay/rules
        journal: /var/lib/belay/journal
        cluster: { enabled: false }
        """);
  }

  @AfterEach
  void removesTheContainer() {
    if (!container.isEmpty()) {
      docker("rm", "--force", "--volumes", container);
    }
  }

  @Test
  void runsWithoutRootOrAWritableDiskOrAnyCapability() {
    // With the mode "on" the JVM would end where it could not use what it learned in the build.
    container =
        docker(
            "run",
            "--detach",
            "--read-only",
            "--tmpfs",
            "/tmp:exec",
            "--cap-drop",
            "ALL",
            "--security-opt",
            "no-new-privileges",
            "--env",
            "JDK_JAVA_OPTIONS=-XX:AOTMode=on",
            "--memory",
            "512m",
            "--volume",
            folder + ":/etc/belay:ro",
            "--publish",
            "127.0.0.1:" + port + ":9096",
            IMAGE);
    long started = System.nanoTime();
    await("it is healthy", () -> Http.get(port, "/-/healthy").isPresent());
    await("it is ready", () -> Http.get(port, "/-/ready").isPresent());
    System.out.printf("image: ready after %d ms%n", (System.nanoTime() - started) / 1_000_000);
    assertEquals("65532:65532", docker("inspect", "--format", "{{.Config.User}}", container));

    docker("stop", "--time", "30", container);
    assertEquals(
        "0",
        docker("inspect", "--format", "{{.State.ExitCode}}", container),
        () -> docker("logs", container));
  }

  /** Only names and ports are this test's own, and the journal is nobody's. */
  @Test
  void runsAsTheDockerfileSays() {
    String command =
        Documents.commands().stream()
            .filter(each -> each.startsWith("docker run "))
            .findFirst()
            .orElseThrow()
            .replace("docker run ", "docker run --detach ")
            .replace("journal:/var", "/var")
            .replace("$PWD/my-config", folder.toString())
            .replace("9096:9096 belay", "127.0.0.1:" + port + ":9096 " + IMAGE);
    container = Programs.output(new ProcessBuilder("bash", "-c", command)).strip();
    await("it is ready", () -> Http.get(port, "/-/ready").isPresent());
  }

  /** By TLS, and all that the client of the cluster needs of the runtime. */
  @Test
  void seesACluster() throws IOException {
    ControlPlane plane = ControlPlane.shared();
    Files.copy(plane.kubeconfig(), folder.resolve("kubeconfig"));
    Programs.write(
        folder,
        "belay.yml",
        """
        listen: 127.0.0.1:%d
        rules: /etc/belay/rules
        journal: /var/lib/belay/journal
        cluster: { kubeconfig: kubeconfig }
        """
            .formatted(port));
    container =
        docker(
            "run",
            "--detach",
            "--read-only",
            "--tmpfs",
            "/tmp:exec",
            "--network",
            "host",
            "--volume",
            folder + ":/etc/belay:ro",
            IMAGE);
    await(
        "it sees the cluster",
        () -> {
          String ready = Http.get(port, "/-/ready?verbose").orElse("");
          return ready.contains("[+]cluster ok") && ready.contains("[+]rights ok");
        });
  }

  @Test
  void tellsItsVersion() {
    assertTrue(docker("run", "--rm", IMAGE, "--version").startsWith("belay "));
  }

  @Test
  void hasNoShellAndIsSmall() {
    for (String shell : List.of("/bin/sh", "/bin/bash", "/busybox/sh")) {
      assertThrows(
          AssertionError.class, () -> docker("run", "--rm", "--entrypoint", shell, IMAGE), shell);
    }
    long size = Long.parseLong(docker("inspect", "--format", "{{.Size}}", IMAGE));
    System.out.printf("image: %d bytes%n", size);
    assertTrue(size < LARGEST, () -> "it has " + size + " bytes");
  }

  /** Waits for it; where it is not in time, the failure has what the container printed. */
  private void await(String what, BooleanSupplier holds) {
    try {
      Eventually.holds(what, SOON, holds);
    } catch (AssertionError e) {
      e.addSuppressed(new Throwable(docker("logs", container)));
      throw e;
    }
  }

  private static boolean isThere() {
    try {
      return !docker("image", "inspect", IMAGE).isEmpty();
    } catch (AssertionError | UncheckedIOException e) {
      return false;
    }
  }

  private static String docker(String... arguments) {
    return Programs.output(
            new ProcessBuilder(Stream.concat(Stream.of("docker"), Stream.of(arguments)).toList())
                .redirectErrorStream(true))
        .strip();
  }
}
