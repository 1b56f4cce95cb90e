package dev.belay.cli;

import dev.belay.port.JournalFailed;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command {@code belay}. */
@Command(
    name = "belay",
    header = "Belay catches bad releases.",
    description =
        "It takes in alerts and release events, decides whether a release is to blame, and undoes"
            + " it.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      RunCommand.class,
      SandboxCommand.class,
      CheckCommand.class,
      RbacCommand.class,
      IncidentsCommand.class,
      AnswerCommand.Approve.class,
      AnswerCommand.Veto.class,
      AcknowledgeCommand.class,
      SnoozeCommand.class,
      HoldCommand.class,
      ExplainCommand.class,
      ReportCommand.class,
      ReloadCommand.class,
      BackupCommand.class
    })
public final class Main {
  Main() {}

  /** Runs a command and exits with its status: 0 well, 1 not well, 2 wrong usage. */
  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  /** The command; what a daemon or a journal refuses is a sentence and status 1. */
  static CommandLine commandLine() {
    return new CommandLine(new Main())
        .setExecutionExceptionHandler(
            (failure, command, _) -> {
              if (failure instanceof Remote.Refused || failure instanceof JournalFailed) {
                command.getErr().println("belay: " + Terminal.line(failure.getMessage()));
                return CommandLine.ExitCode.SOFTWARE;
              }
              throw failure;
            });
  }
}
