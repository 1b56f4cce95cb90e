package dev.belay.cli;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/**
 * {@code belay approve INCIDENT} and {@code belay veto INCIDENT}: a person's answer to what Belay
 * is about to do. It is meant for what was shown, and for nothing that takes its place meanwhile.
 */
@Command(
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:Belay took the answer",
      "1:there was nothing to answer, it came too late, it was meant for another plan, or Belay"
          + " refuses",
      "2:wrong usage"
    },
    mixinStandardHelpOptions = true)
abstract sealed class AnswerCommand implements Callable<Integer> {
  /** Fewer characters of a plan's digest do not tell it from others. */
  private static final int SHORTEST = 8;

  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Mixin private Remote remote = new Remote();

  @Parameters(index = "0", paramLabel = "INCIDENT", description = "such as covet-1")
  private String incident = "";

  @Mixin private Person person = new Person();

  private final String word;

  AnswerCommand(String word) {
    this.word = word;
  }

  /** Says yes. */
  @Command(
      name = "approve",
      description = {
        "Lets Belay do at once what it proposes, or counts down to: the plan that is named, and no"
            + " other.",
        "belay incidents shows it."
      })
  static final class Approve extends AnswerCommand {
    @Option(
        names = "--plan",
        paramLabel = "PLAN",
        defaultValue = "",
        description = "which plan, as belay incidents shows it; its first 8 characters will do")
    private String plan = "";

    Approve() {
      super("approve");
    }

    /** What was shown to the person a while ago may have made room for something else. */
    @Override
    void check(JsonNode run) throws Remote.Refused {
      String digest = run.path("plan").path("digest").asString("");
      if (digest.isEmpty()) {
        return;
      }
      String asks = Terminal.line(run.path("plan").path("words").asString(""));
      if (plan.length() < SHORTEST) {
        throw new Remote.Refused(
            "Nothing was approved. Say which plan you approve. Now it is --plan "
                + IncidentsCommand.plan(run)
                + ": "
                + asks);
      }
      if (!digest.startsWith(plan)) {
        throw new Remote.Refused(
            "Nothing was approved. It is another plan now, --plan "
                + IncidentsCommand.plan(run)
                + ": "
                + asks);
      }
    }
  }

  /** Says no. */
  @Command(name = "veto", description = "Keeps Belay from what it proposes, or counts down to.")
  static final class Veto extends AnswerCommand {
    Veto() {
      super("veto");
    }
  }

  /**
   * Looks at the run before it is answered.
   *
   * @throws Remote.Refused where it is not what the person means
   */
  void check(JsonNode run) throws Remote.Refused {}

  @Override
  public Integer call() throws Remote.Refused {
    PrintWriter out = spec.commandLine().getOut();
    String path = "/api/v1/incidents/" + Remote.segment(incident);
    JsonNode run = remote.get(path).path("incident").path("run");
    check(run);
    String plan = run.path("plan").path("words").asString("");
    Map<String, String> body = new LinkedHashMap<>();
    body.put("person", person.name());
    meant(run.path("action")).ifPresent(action -> body.put("action", action));
    if (this instanceof Approve) {
      // To stop what somebody objects to, be it in another shape, harms nobody.
      meant(run.path("plan").path("digest")).ifPresent(digest -> body.put("plan", digest));
    }
    if (!plan.isEmpty()) {
      out.println(Terminal.line(word + ": " + plan));
    }
    out.println(remote.said(path + "/" + word, body));
    return 0;
  }

  private static Optional<String> meant(JsonNode text) {
    return text.isString() ? Optional.of(text.stringValue()) : Optional.empty();
  }
}
