package dev.belay.cli;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code belay hold WHY}: nothing is done any more, until {@code belay hold --release}. */
@Command(
    name = "hold",
    description = {
      "Stops everything that Belay would do, until it is released; it survives restarts.",
      "Without arguments it says whether everything is on hold."
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {"0:done", "1:no Belay answers, or it refuses", "2:wrong usage"},
    mixinStandardHelpOptions = true)
final class HoldCommand implements Callable<Integer> {
  private static final String PATH = "/api/v1/hold";

  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Mixin private Remote remote = new Remote();

  @ArgGroup private Wish wish = new Wish();

  /** One or the other. */
  static final class Wish {
    @Parameters(index = "0", paramLabel = "WHY", description = "why, for the others")
    private Optional<String> why = Optional.empty();

    @Option(names = "--release", description = "lets Belay go on")
    private boolean release;
  }

  @Mixin private Person person = new Person();

  @Override
  public Integer call() throws Remote.Refused {
    spec.commandLine().getOut().println(Terminal.line(said(standing())));
    return 0;
  }

  /** How it stands once the wish, where there is one, is fulfilled. */
  private JsonNode standing() throws Remote.Refused {
    if (wish.release) {
      return remote.delete(PATH, Map.of("person", person.name()));
    }
    return wish.why.isPresent()
        ? remote.post(PATH, Map.of("person", person.name(), "why", wish.why.get()))
        : remote.get(PATH);
  }

  private static String said(JsonNode status) {
    String hold = status.path("hold").asString("");
    return hold.isEmpty()
        ? "Nothing is on hold."
        : status.path("standing").asString("") + " " + hold;
  }
}
