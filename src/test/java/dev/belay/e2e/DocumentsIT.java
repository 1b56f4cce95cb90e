package dev.belay.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.Documents;
import dev.belay.controlplane.ClusterNamespace;
import dev.belay.controlplane.ControlPlane;
import dev.belay.controlplane.Eventually;
import dev.belay.controlplane.FreePort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Every command of the documents that is Belay's, kubectl's or helm's, run by a shell as an
 * operator would, against a Belay that runs and a real control plane; and every configuration of
 * another program, put to that program. A command that is not known here has to be added.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
final class DocumentsIT {
  private static final Duration SOON = Duration.ofSeconds(90);
  private static final Duration GRACE = Duration.ofSeconds(5);

  /** The incident in the documents. */
  private static final String INCIDENT = "covet-1";

  private static final Pattern SPEC = Pattern.compile("(?s)\\nspec:\\n(.*)");

  @TempDir private Path folder = Path.of("");

  @RegisterExtension final Opened opened = new Opened();

  private final Map<String, String> environment = new TreeMap<>();

  /** Which story a command belongs to. */
  private enum Story {
    /** The installation, block by block. */
    INSTALLATION,
    /** It is typed where the rules are, and needs no Belay that runs. */
    HERE,
    /** It starts a Belay. */
    START,
    /** It is typed on call. */
    ON_CALL,
    /** It is of the team whose workload it is, or of whoever runs Argo CD. */
    CLUSTER,
    /** SandboxIT, CurlIT, or another. */
    ELSEWHERE
  }

  private static Story story(String command) {
    String[] words = command.replaceFirst("^\\./", "").split(" ", -1);
    return switch (words[0]) {
      case "helm" -> Story.INSTALLATION;
      case "kubectl" -> command.contains(" create ") ? Story.INSTALLATION : Story.CLUSTER;
      case "belay" ->
          switch (words[1]) {
            case "check", "rbac" -> Story.HERE;
            case "run" -> Story.START;
            case "incidents",
                "explain",
                "approve",
                "veto",
                "acknowledge",
                "snooze",
                "hold",
                "report",
                "reload",
                "backup" ->
                Story.ON_CALL;
            case "sandbox" -> Story.ELSEWHERE;
            default -> throw new AssertionError("say here how this is run: " + command);
          };
      default -> Story.ELSEWHERE;
    };
  }

  private static List<String> of(Story story) {
    return Documents.commands().stream().filter(command -> story(command) == story).toList();
  }

  @Test
  void whatIsTypedWhereTheRulesAreDoesIt() throws Exception {
    work();
    List<String> commands = of(Story.HERE);
    assertTrue(commands.size() > 1, commands::toString);
    for (String command : commands) {
      String said = run(command);
      if (command.contains("check")) {
        assertTrue(said.contains("no errors"), said);
      }
    }
  }

  /** As the configuration is shipped, it looks at the cluster of the kubeconfig. */
  @Test
  void whatStartsABelayDoes() throws Exception {
    ControlPlane plane = ControlPlane.shared();
    List<String> commands = of(Story.START);
    assertFalse(commands.isEmpty());
    for (String command : commands) {
      int port = FreePort.next();
      work();
      environment.put("KUBECONFIG", plane.kubeconfig().toString());
      environment.put("BELAY_LISTEN", "127.0.0.1:" + port);
      Process belay = shell("exec " + command, folder.resolve("run.log"));
      try {
        Eventually.holds(
            command + " is ready and sees the cluster",
            SOON,
            () -> Http.get(port, "/readyz?verbose").orElse("").contains("[+]cluster ok"));
        belay.destroy();
        assertTrue(belay.waitFor(1, TimeUnit.MINUTES), command);
        assertEquals(0, belay.exitValue(), () -> text(folder.resolve("run.log")));
      } finally {
        belay.destroyForcibly();
      }
    }
  }

  @Test
  void theInstallationInstalls() throws Exception {
    Programs.assumePresent("openssl");
    ControlPlane plane = ControlPlane.shared();
    work();
    environment.put("KUBECONFIG", plane.kubeconfig().toString());
    List<String> blocks =
        Documents.blocks().stream()
            .filter(block -> block.language().equals("sh"))
            .filter(block -> block.commands().stream().anyMatch(DocumentsIT::installs))
            .map(Documents.Block::text)
            .distinct()
            .toList();
    assertFalse(blocks.isEmpty());
    for (String block : blocks) {
      // Where the rules' own workload lives.
      plane.kubectl("create", "namespace", "covet");
      try {
        String said = run(block);
        assertTrue(said.contains("STATUS: deployed"), said);
        assertEquals(
            "belay",
            plane.kubectl(
                "-n", "belay", "get", "deployment/belay", "-o", "jsonpath={.metadata.name}"));
        assertTrue(
            plane.kubectl("-n", "covet", "get", "role/belay", "-o", "name").contains("belay"));
        if (block.contains("create secret")) {
          String token =
              plane.kubectl(
                  "-n", "belay", "get", "secret/belay-token", "-o", "jsonpath={.data.token}");
          assertTrue(token.length() > 80, "a token of 64 characters");
        }
      } finally {
        run("helm uninstall belay --namespace belay --ignore-not-found");
        // No controller of this control plane lets go of claims.
        run(
            "kubectl -n belay get pvc -o name | xargs -r -I {} kubectl -n belay patch {}"
                + " --patch '{\"metadata\":{\"finalizers\":null}}'");
        plane.kubectl("delete", "namespace", "belay", "covet", "--ignore-not-found");
      }
    }
  }

  private static boolean installs(String command) {
    return story(command) == Story.INSTALLATION;
  }

  @Test
  void whatIsTypedToTheClusterDoesIt() throws Exception {
    ControlPlane plane = ControlPlane.shared();
    ClusterNamespace shop = new ClusterNamespace(plane, "shop");
    shop.createDeployment("cart", 1, "cart/app:v1");
    work();
    environment.put("KUBECONFIG", within(plane, shop.name()).toString());
    List<String> commands = new ArrayList<>(of(Story.CLUSTER));
    Documents.inlineCommands().stream()
        .filter(command -> command.startsWith("kubectl "))
        .forEach(commands::add);
    assertTrue(commands.size() > 4, commands::toString);
    for (String command : commands) {
      switch (command.split(" ", 3)[1]) {
        case "annotate" -> {
          run(command + " --overwrite");
          String annotation = command.replaceAll(".* (belay.dev/.*)=.*", "$1");
          assertTrue(
              shop.kubectl("get", "deployment/cart", "-o", "yaml").contains(annotation), command);
        }
        case "rollout" -> {
          if (command.endsWith("resume")) {
            shop.kubectl("rollout", "pause", "deployment/cart");
          }
          run(command + " deployment/cart");
        }
        case "-n" -> patchesTheSecretOfArgoCd(plane, command);
        default -> throw new AssertionError("say here what this must do: " + command);
      }
    }
  }

  private void patchesTheSecretOfArgoCd(ControlPlane plane, String command) {
    String secret = "argocd-notifications-secret";
    plane.kubectl("create", "namespace", "argocd");
    plane.kubectl("-n", "argocd", "create", "secret", "generic", secret);
    run(command);
    String patched = plane.kubectl("-n", "argocd", "get", "secret", secret, "-o", "yaml");
    assertTrue(patched.contains("belay-token"), command);
    plane.kubectl("delete", "namespace", "argocd");
  }

  @Test
  void whatIsTypedOnCallDoesIt() throws Exception {
    int port = FreePort.next();
    ClusterNamespace shop = new ClusterNamespace(ControlPlane.shared(), "shop");
    for (String service : List.of("covet", "cart")) {
      shop.createDeployment(service, 1, service + "/app:v1");
      rule(shop.name(), service);
    }
    work();
    environment.put("BELAY_URL", "http://127.0.0.1:" + port);
    Path configuration =
        BelayProcess.acting(folder, port, ControlPlane.shared().kubeconfig(), GRACE);
    BelayProcess belay = opened.keep(BelayProcess.start(configuration, port));
    try {
      trouble(shop, port);
      List<String> commands = of(Story.ON_CALL);
      // After a reload nobody answers for a moment.
      Stream.concat(
              commands.stream().filter(command -> !command.endsWith(" reload")),
              commands.stream().filter(command -> command.endsWith(" reload")))
          .forEach(command -> prove(command, shop, port));
    } catch (AssertionError e) {
      throw belay.told(e);
    }
  }

  /** Both are shipped anew, and both are in trouble at once. */
  private void trouble(ClusterNamespace shop, int port) {
    Eventually.holds(
        "both are known good",
        SOON,
        () ->
            Http.get(port, "/api/v1/services").orElse("").split("\"judgement\":\"good\"", -1).length
                == 3);
    for (String service : List.of("covet", "cart")) {
      shop.setImage(service, service + "/app:v2");
      shop.awaitRollout(service);
    }
    Eventually.holds(
        "both releases are seen",
        SOON,
        () -> json(port, "/api/v1/releases").path("releases").size() == 2);
    for (String service : List.of("covet", "cart")) {
      Http.post(
          port,
          "/api/v2/alerts",
          "[{\"labels\":{\"alertname\":\"HighErrorRate\",\"app\":\"" + service + "\"}}]");
      Eventually.holds(
          "it is proposed to roll " + service + " back",
          SOON,
          () -> !plan(port, service + "-1").isEmpty());
    }
  }

  /** What a command of the documents promises. */
  private void prove(String command, ClusterNamespace shop, int port) {
    String verb = command.split(" ", -1)[1];
    // One incident is approved, the other is objected to.
    String line =
        switch (verb) {
          case "veto" -> command.replace(INCIDENT, "cart-1");
          case "approve" ->
              command.replaceFirst(
                  "--plan \\S+", "--plan " + asked(port, INCIDENT, "digest").substring(0, 12));
          default -> command;
        };
    if (verb.equals("reload")) {
      rule(shop.name(), "pay");
    }
    // The daemon that is reloaded may be gone before its answer is through.
    String said = run(verb.equals("reload") ? line + " || echo unheard" : line);
    String expected =
        switch (verb) {
          case "incidents", "report" -> INCIDENT;
          case "explain" -> "A release explains the trouble.";
          case "approve" -> {
            Eventually.holds(
                "it is rolled back", SOON, () -> image(shop, "covet").equals("covet/app:v1"));
            yield "approve: ";
          }
          case "veto" -> {
            Eventually.holds("nothing is proposed", SOON, () -> plan(port, "cart-1").isEmpty());
            assertEquals("cart/app:v2", image(shop, "cart"));
            yield "veto: ";
          }
          case "acknowledge" -> " is on it.";
          case "snooze" -> "";
          case "hold" -> {
            boolean released = command.contains("--release");
            String hold = json(port, "/api/v1/status").path("hold").asString("");
            assertEquals(released, hold.isEmpty(), hold);
            yield released ? "Nothing is on hold." : "we move to another cluster";
          }
          case "reload" -> {
            Eventually.holds(
                "the new service is known",
                SOON,
                () -> Http.get(port, "/api/v1/services").orElse("").contains("\"pay\""));
            yield "";
          }
          case "backup" -> {
            assertTrue(Files.exists(folder.resolve("backup-of-today/belay.db")));
            yield " entries";
          }
          default -> throw new AssertionError("say here what this must do: " + command);
        };
    assertTrue(said.contains(expected) && !said.isBlank(), () -> line + "\n" + said);
  }

  private void rule(String namespace, String service) {
    Programs.write(
        folder.resolve("rules"),
        service + ".yml",
        """
        service: %2$s
        workload: deployment/%1$s/%2$s
        match: { app: %2$s }
        remediations:
          - name: bad-release
            when: [ 'alertname="HighErrorRate"' ]
            blame: { release: 10m }
            mode: propose 30m
            ladder: [ { rollback: { to: last-good }, verify: 2m } ]
        soak: 3s
        """
            .formatted(namespace, service));
  }

  private static JsonNode json(int port, String path) {
    return JsonMapper.shared().readTree(Http.get(port, path).orElse("{}"));
  }

  private static String plan(int port, String incident) {
    return asked(port, incident, "words");
  }

  /** What the plan that asks for an answer is, in words or by its digest. */
  private static String asked(int port, String incident, String what) {
    return json(port, "/api/v1/incidents/" + incident)
        .path("incident")
        .path("run")
        .path("plan")
        .path(what)
        .asString("");
  }

  private static String image(ClusterNamespace shop, String deployment) {
    return shop.kubectl(
        "get",
        "deployment/" + deployment,
        "-o",
        "jsonpath={.spec.template.spec.containers[0].image}");
  }

  @Test
  void alertmanagerTakesWhatItIsGiven() throws IOException {
    Programs.assumePresent(Programs.AMTOOL);
    List<String> configurations = new ArrayList<>(named("# alertmanager.yml"));
    Documents.inline().stream()
        .filter(text -> text.startsWith("webhook_configs: "))
        .map(
            text ->
                "route: { receiver: belay }\nreceivers: [ { name: belay, %s } ]\n".formatted(text))
        .forEach(configurations::add);
    assertEquals(3, configurations.size());
    for (String configuration : configurations) {
      said(Programs.AMTOOL, "check-config", configuration);
    }
  }

  @Test
  void prometheusTakesWhatItIsGiven() throws IOException {
    Programs.assumePresent(Programs.PROMTOOL);
    List<String> configurations = named("# prometheus.yml");
    assertEquals(1, configurations.size());
    // It wants the file to be there.
    Path token = Programs.write(folder, "token", "t");
    for (String configuration : configurations) {
      String here = configuration.replaceAll("/etc/prometheus/[-a-z]+", token.toString());
      said(Programs.PROMTOOL, "check config", here);
    }
    List<String> rules =
        Documents.blocks().stream()
            .map(Documents.Block::text)
            .filter(text -> text.contains("\nkind: PrometheusRule\n"))
            .flatMap(text -> SPEC.matcher(text).results().map(found -> found.group(1)))
            .toList();
    assertEquals(1, rules.size());
    for (String rule : rules) {
      said(Programs.PROMTOOL, "check rules", rule.stripIndent());
    }
  }

  @Test
  void helmTakesWhatItIsGiven() throws IOException {
    List<String> values = named("# values.yaml");
    assertEquals(1, values.size());
    for (String each : values) {
      Path file = Programs.write(folder, "values.yaml", each);
      String rendered =
          Helm.run(
              "template", "charts/belay", "--kube-version", "1.37.0", "--values", file.toString());
      assertTrue(rendered.contains("port: 3000"), rendered);
    }
  }

  private static List<String> named(String firstLine) {
    return Documents.blocks().stream()
        .map(Documents.Block::text)
        .filter(text -> text.startsWith(firstLine + "\n"))
        .toList();
  }

  private void said(String program, String checks, String configuration) {
    List<String> command = new ArrayList<>(List.of(Programs.path(program)));
    command.addAll(List.of(checks.split(" ", -1)));
    command.add(Programs.write(folder, "checked.yml", configuration).toString());
    String said = Programs.output(new ProcessBuilder(command).redirectErrorStream(true));
    assertTrue(said.contains("SUCCESS"), said);
  }

  /** A folder to work in, as a checkout is: with Belay, its chart, rules and configuration. */
  private void work() throws IOException {
    Path bin = folder.resolve("bin");
    if (Files.exists(bin)) {
      return;
    }
    for (String name : List.of("charts", "config", "rules")) {
      if (!Files.exists(folder.resolve(name))) {
        copy(Path.of(name), folder.resolve(name));
      }
    }
    Files.createDirectories(bin);
    program(folder, "belay", List.of(Path.of("belay").toAbsolutePath().toString()));
    program(bin, "kubectl", ControlPlane.shared().kubectlProgram());
    program(bin, "helm", List.of(Helm.program().toString()));
    environment.put("PATH", bin + ":" + System.getenv("PATH"));
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path path : all.toList()) {
        Files.copy(path, to.resolve(from.relativize(path)));
      }
    }
  }

  private static void program(Path bin, String name, List<String> command) throws IOException {
    Path file =
        Programs.write(bin, name, "#!/bin/sh\nexec " + String.join(" ", command) + " \"$@\"\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** The kubeconfig of somebody who is at home in that namespace. */
  private Path within(ControlPlane plane, String namespace) throws IOException {
    return Programs.write(
        folder,
        "kubeconfig",
        Files.readString(plane.kubeconfig())
            .replace("user: admin}", "user: admin, namespace: " + namespace + "}"));
  }

  /** Runs it to its end, which must be a good one, and gives what it printed. */
  private String run(String script) {
    Path log = folder.resolve("said.log");
    try {
      Process process = shell(script, log);
      assertTrue(process.waitFor(2, TimeUnit.MINUTES), () -> script + " does not end");
      assertEquals(0, process.exitValue(), () -> script + "\n" + text(log));
      return text(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private Process shell(String script, Path log) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder("bash", "-euo", "pipefail", "-c", script)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().putAll(environment);
    return builder.start();
  }

  private static String text(Path log) {
    try {
      return Files.readString(log, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
