package dev.belay.cli;

import dev.belay.core.rule.RuleSet;
import dev.belay.rules.Loaded;
import dev.belay.rules.RuleLoader;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code belay check FOLDER}: says everything that is wrong with rule files. */
@Command(
    name = "check",
    description =
        "Checks rule files. Every problem is printed as FILE:LINE:COLUMN: and a sentence.",
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {"0:no errors (there may be warnings)", "1:errors", "2:wrong usage"},
    mixinStandardHelpOptions = true)
final class CheckCommand implements Callable<Integer> {
  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Parameters(
      index = "0",
      paramLabel = "FOLDER",
      description = "a folder of rule files, or one file")
  private Path path = Path.of("rules");

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    Loaded loaded = RuleLoader.load(path);
    loaded.problems().forEach(out::println);
    if (!loaded.usable()) {
      return 1;
    }
    RuleSet rules = loaded.rules();
    out.printf(
        "%s: %d services, %d remediations, %d alert rules, %d environments, no errors%n",
        path,
        rules.services().size(),
        rules.services().stream().mapToInt(service -> service.remediations().size()).sum(),
        rules.alertRules().size(),
        rules.environments().size());
    return 0;
  }
}
