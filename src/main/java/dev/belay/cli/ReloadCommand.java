package dev.belay.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.JsonNode;

/** {@code belay reload}: a running daemon reads configuration and rules anew. */
@Command(
    name = "reload",
    description = {
      "Has a running Belay read its configuration and rules anew, and waits until they are in"
          + " force.",
      "What has errors changes nothing, and is said with its place."
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:they are good, and in force",
      "1:they have errors or could not be taken over, no Belay answers, or it refuses",
      "2:wrong usage"
    },
    mixinStandardHelpOptions = true)
final class ReloadCommand implements Callable<Integer> {
  private static final String SOURCE = "/api/v1/rules/source";

  /** What is under way is given its time to end, and then the other daemon has to start. */
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private static final Duration BETWEEN = Duration.ofMillis(200);

  private final Duration patience;

  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Mixin private Remote remote = new Remote();

  @Mixin private Person person = new Person();

  ReloadCommand() {
    this(PATIENCE);
  }

  /**
   * The same.
   *
   * @param patience how long it waits for what comes of it
   */
  ReloadCommand(Duration patience) {
    this.patience = patience;
  }

  @Override
  public Integer call() throws Remote.Refused {
    String before = readAt(remote.get(SOURCE));
    PrintWriter out = spec.commandLine().getOut();
    out.println(remote.said("/-/reload", Map.of("person", person.name())));
    out.flush();
    out.println("They are in force: rules " + Terminal.line(taken(before)) + ".");
    return 0;
  }

  /** The digest of what was taken over, once it is. */
  private String taken(String before) throws Remote.Refused {
    long begun = System.nanoTime();
    String last = remote.address() + " still has what was in force before";
    do {
      try {
        JsonNode now = remote.get(SOURCE);
        if (now.has("trouble")) {
          throw new Remote.Refused(
              "not taken over, what was in force stays in force: "
                  + now.path("trouble").asString(""));
        }
        if (!readAt(now).equals(before)) {
          return now.path("digest").asString("");
        }
      } catch (Remote.Unanswered e) {
        // It stops and starts anew, for which it is given its time.
        last = e.getMessage() + " (where \"listen\" was changed, ask there)";
      }
      pause();
    } while (System.nanoTime() - begun < patience.toNanos());
    throw new Remote.Refused(
        "it is not known whether they were taken over; look at its log: " + last);
  }

  private static String readAt(JsonNode source) {
    return source.path("readAt").asString("");
  }

  private static void pause() throws Remote.Refused {
    try {
      Thread.sleep(BETWEEN);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Remote.Refused("interrupted");
    }
  }
}
