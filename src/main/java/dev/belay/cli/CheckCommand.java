package dev.belay.cli;

import dev.belay.app.RightsCheck;
import dev.belay.app.StartFailed;
import dev.belay.app.config.BelayConfig;
import dev.belay.app.config.ConfigLoader;
import dev.belay.app.config.Configured;
import dev.belay.core.access.Lacking;
import dev.belay.core.access.Rights;
import dev.belay.core.rule.Fleet;
import dev.belay.core.rule.RuleSet;
import dev.belay.port.ClusterUnavailable;
import dev.belay.rules.RuleLoader;
import dev.belay.rules.yaml.Counted;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code belay check FOLDER}: says everything that is wrong with rule files. */
@Command(
    name = "check",
    description =
        "Checks rule files, and a configuration. Every problem is printed as FILE:LINE:COLUMN: and"
            + " a sentence.",
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:no errors (there may be warnings)",
      "1:errors, or rights that are lacking",
      "2:wrong usage"
    },
    mixinStandardHelpOptions = true)
final class CheckCommand implements Callable<Integer> {
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
      description = "a configuration file, checked too; what it has decides what is measured")
  private Optional<Path> config = Optional.empty();

  @Option(
      names = "--cluster",
      description =
          "with --config: also asks the cluster that it names whether Belay, as whom it names, has"
              + " the rights that the rules need")
  private boolean cluster;

  @Override
  public Integer call() {
    if (cluster && config.isEmpty()) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "--cluster asks the cluster of a configuration; name it by --config");
    }
    PrintWriter out = spec.commandLine().getOut();
    Optional<Configured> configured = config.map(file -> ConfigLoader.load(file, System.getenv()));
    configured.ifPresent(it -> it.problems().forEach(out::println));
    boolean usable = configured.map(Configured::usable).orElse(true);
    Path path = rules(named, configured);
    Judged judged =
        new Judged(RuleLoader.load(path), configured.flatMap(it -> it.config().prometheus()));
    judged.problems().forEach(out::println);
    if (!usable || !judged.usable()) {
      return 1;
    }
    RuleSet rules = judged.rules().rules();
    for (Fleet fleet : rules.fleets()) {
      out.printf(
          "fleet %s: every %s of the cluster with %s is a service, alerts with %s are its own%n",
          fleet.name(),
          String.join(" or ", fleet.selector().kinds()),
          fleet.selector(),
          fleet.pattern().match());
    }
    out.printf(
        "%s: %s, %s, %s, %s, no errors; rules %s%n",
        path,
        services(rules),
        Counted.of(
            Stream.concat(rules.services().stream(), rules.fleets().stream().map(Fleet::pattern))
                .mapToInt(service -> service.remediations().size())
                .sum(),
            "remediation"),
        Counted.of(rules.alertRules().size(), "alert rule"),
        Counted.of(rules.environments().size(), "environment"),
        judged.rules().shortDigest());
    return cluster && configured.filter(it -> !granted(it.config(), rules, out)).isPresent()
        ? 1
        : 0;
  }

  /** Whether the cluster grants what the rules need; prints what it does not. */
  private static boolean granted(BelayConfig settings, RuleSet rules, PrintWriter out) {
    try (KubernetesAccess access = KubernetesAccess.open(settings)) {
      Lacking lacking =
          RightsCheck.ask(access.cluster(), Rights.asked(rules, settings.settings().mode()));
      lacking.sentences().forEach(out::println);
      return lacking.equals(Lacking.NOTHING);
    } catch (ClusterUnavailable | StartFailed e) {
      out.println("cluster: " + e.getMessage());
      return false;
    }
  }

  /** Of which rules a command is, that may be told a configuration and rules of their own. */
  static Path rules(Optional<Path> named, Optional<Configured> configured) {
    return named.or(() -> configured.map(it -> it.config().rules())).orElse(Path.of("rules"));
  }

  /** How many services are written, and fleets that find more. */
  static String services(RuleSet rules) {
    String written = Counted.of(rules.services().size(), "service");
    return rules.fleets().isEmpty()
        ? written
        : written + ", " + Counted.of(rules.fleets().size(), "fleet");
  }
}
