package dev.belay.cli;

import dev.belay.journal.Backup;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code belay backup}: a copy of a journal that is sound in itself; the daemon may be running. */
@Command(
    name = "backup",
    description = {
      "Copies a journal's folder, while Belay runs or not, into a new folder that is sound in"
          + " itself.",
      "To restore, stop Belay and put that folder in the journal's place."
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:copied, and read once to see that it is sound",
      "1:it failed",
      "2:wrong usage"
    },
    mixinStandardHelpOptions = true)
final class BackupCommand implements Callable<Integer> {
  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Option(
      names = "--journal",
      paramLabel = "FOLDER",
      required = true,
      description = "the journal's folder")
  private Path journal = Path.of("journal");

  @Option(
      names = "--to",
      paramLabel = "FOLDER",
      required = true,
      description = "a folder that is not there yet")
  private Path to = Path.of("backup");

  @Override
  public Integer call() {
    long entries = Backup.write(journal, to);
    spec.commandLine().getOut().printf("%s: %d entries%n", to, entries);
    return 0;
  }
}
