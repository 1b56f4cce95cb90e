package dev.belay.cli;

import dev.belay.app.config.ConfigLoader;
import dev.belay.app.config.Configured;
import dev.belay.core.access.Right;
import dev.belay.core.access.Rights;
import dev.belay.core.rule.Fleet;
import dev.belay.core.rule.Mode;
import dev.belay.core.rule.Probe;
import dev.belay.core.rule.RuleSet;
import dev.belay.rules.Loaded;
import dev.belay.rules.RuleLoader;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code belay rbac FOLDER}: the rights in the cluster that the rules need, as YAML. */
@Command(
    name = "rbac",
    description = {
      "Prints exactly the rights in the cluster that the rules need, each with the rules that ask"
          + " for it, as Roles and their bindings: belay rbac rules | kubectl apply -f -",
      "Or, with --format helm, as values of Belay's chart, with the rule files and the ports that"
          + " their probes go to."
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {"0:printed", "1:the rules or the configuration have errors", "2:wrong usage"},
    mixinStandardHelpOptions = true)
final class RbacCommand implements Callable<Integer> {
  private static final int HTTP = 80;
  private static final int HTTPS = 443;

  /** For whom. */
  enum Format {
    kubectl,
    helm
  }

  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "FOLDER",
      description =
          "a folder of rule files, or one file (default: the one that --config names, or rules)")
  private Optional<Path> named = Optional.empty();

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "a configuration file; its mode caps what the rules may do")
  private Optional<Path> config = Optional.empty();

  @Option(names = "--format", description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
  private Format format = Format.kubectl;

  @Option(names = "--name", description = "what the roles are called (default: ${DEFAULT-VALUE})")
  private String name = "belay";

  @Option(
      names = "--account",
      paramLabel = "NAMESPACE/NAME",
      description = "the service account that gets them (default: ${DEFAULT-VALUE})")
  private String account = "belay/belay";

  @Override
  public Integer call() throws IOException {
    PrintWriter err = spec.commandLine().getErr();
    Optional<Configured> configured = config.map(file -> ConfigLoader.load(file, System.getenv()));
    configured.ifPresent(it -> it.problems().forEach(err::println));
    Path path = CheckCommand.rules(named, configured);
    Loaded loaded = RuleLoader.load(path);
    loaded.problems().forEach(err::println);
    if (!loaded.usable() || !configured.map(Configured::usable).orElse(true)) {
      return 1;
    }
    Mode most = configured.map(it -> it.config().settings().mode()).orElse(Mode.ACT);
    print(path, Rights.of(loaded.rules(), most), ports(loaded.rules()));
    return 0;
  }

  private void print(Path path, List<Right> rights, SortedSet<Integer> ports) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        "# The rights in the cluster that the rules in %s need, and no other, by belay rbac;%n"
            + "# to be made anew whenever the rules change.%n",
        path);
    switch (format) {
      case kubectl -> {
        int slash = account.indexOf('/');
        if (slash < 1 || slash == account.length() - 1) {
          throw new CommandLine.ParameterException(
              spec.commandLine(), "--account takes NAMESPACE/NAME, such as belay/belay");
        }
        out.print(
            RoleText.objects(
                rights, name, account.substring(0, slash), account.substring(slash + 1)));
      }
      case helm -> {
        out.print(RoleText.values(rights));
        out.print(RoleText.files(files(path), ports));
      }
    }
    out.flush();
  }

  /**
   * To which ports the rules' probes go; whatever a network lets nobody through to seems unwell.
   */
  private static SortedSet<Integer> ports(RuleSet rules) {
    return Stream.concat(rules.services().stream(), rules.fleets().stream().map(Fleet::pattern))
        .flatMap(service -> service.measuring().probe().stream())
        .map(RbacCommand::port)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static int port(Probe probe) {
    // What a fleet leaves open is no address yet.
    URI url = URI.create(probe.url().replaceAll("\\{\\w+}", "x"));
    if (url.getPort() >= 0) {
      return url.getPort();
    }
    return "https".equals(url.getScheme()) ? HTTPS : HTTP;
  }

  /** The rule files, and whatever lies beneath them that a rule may apply. */
  private static SortedMap<String, String> files(Path path) throws IOException {
    SortedMap<String, String> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(path)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        if (file.toString().matches(".*\\.(ya?ml|json)")) {
          Path key = file.equals(path) ? file.getFileName() : path.relativize(file);
          files.put(String.valueOf(key), Files.readString(file));
        }
      }
    }
    return files;
  }
}
