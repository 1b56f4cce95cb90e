package dev.belay.cli;

import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code belay reload}: a running daemon reads configuration and rules anew. */
@Command(
    name = "reload",
    description = {
      "Has a running Belay read its configuration and rules anew.",
      "What has errors changes nothing, and is said with its place."
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:they are good, and are being taken over",
      "1:they have errors, no Belay answers, or it refuses",
      "2:wrong usage"
    },
    mixinStandardHelpOptions = true)
final class ReloadCommand implements Callable<Integer> {
  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Mixin private Remote remote = new Remote();

  @Mixin private Person person = new Person();

  @Override
  public Integer call() throws Remote.Refused {
    spec.commandLine().getOut().println(remote.said("/-/reload", Map.of("person", person.name())));
    return 0;
  }
}
