package dev.belay.cli;

import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code belay snooze INCIDENT}: a person has it in hand for a while. */
@Command(
    name = "snooze",
    description = {
      "Takes an incident in hand: for so long nothing is begun for it and nobody is told of it.",
      "What has touched the cluster is seen to its end; when the time is over and the trouble is"
          + " not, a person is called."
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {"0:done", "1:no Belay answers, or it refuses", "2:wrong usage"},
    mixinStandardHelpOptions = true)
final class SnoozeCommand implements Callable<Integer> {
  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Mixin private Remote remote = new Remote();

  @Parameters(index = "0", paramLabel = "INCIDENT", description = "such as covet-1")
  private String incident = "";

  @Option(
      names = "--for",
      paramLabel = "DURATION",
      defaultValue = "30m",
      description = "from 1m to 24h (default: ${DEFAULT-VALUE})")
  private String length = "30m";

  @Mixin private Person person = new Person();

  @Override
  public Integer call() throws Remote.Refused {
    String said =
        remote.said(
            "/api/v1/incidents/" + Remote.segment(incident) + "/snooze",
            Map.of("person", person.name(), "for", length));
    spec.commandLine().getOut().println(said);
    return 0;
  }
}
