package dev.belay.cli;

import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code belay acknowledge INCIDENT}: a person who was called is on it. */
@Command(
    name = "acknowledge",
    description = {
      "Says that you are on it: nobody else is called for this incident.",
      "Belay goes on with what it is about to do; veto keeps it from that, and snooze takes the"
          + " incident out of its hands."
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {"0:done", "1:no Belay answers, or it refuses", "2:wrong usage"},
    mixinStandardHelpOptions = true)
final class AcknowledgeCommand implements Callable<Integer> {
  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Mixin private Remote remote = new Remote();

  @Parameters(index = "0", paramLabel = "INCIDENT", description = "such as covet-1")
  private String incident = "";

  @Mixin private Person person = new Person();

  @Override
  public Integer call() throws Remote.Refused {
    String said =
        remote.said(
            "/api/v1/incidents/" + Remote.segment(incident) + "/acknowledge",
            Map.of("person", person.name()));
    spec.commandLine().getOut().println(said);
    return 0;
  }
}
