package dev.belay.cli;

import dev.belay.console.Story;
import dev.belay.journal.SqliteJournal;
import dev.belay.port.JournalFailed;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code belay explain SUBJECT}: the path of reasons, from the journal; the daemon may be running
 * or not.
 */
@Command(
    name = "explain",
    description = {
      "Prints why Belay acted, or why it did not, from the journal.",
      "The subject is an incident (covet-1), an alert's name or fingerprint, or a release's id."
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:explained",
      "1:the journal knows nothing of it, or cannot be read",
      "2:wrong usage"
    },
    mixinStandardHelpOptions = true)
final class ExplainCommand implements Callable<Integer> {
  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Parameters(index = "0", paramLabel = "SUBJECT", description = "what to explain")
  private String subject = "";

  @Option(
      names = "--journal",
      paramLabel = "FOLDER",
      description = "the journal's folder (default: ${DEFAULT-VALUE})")
  private Path journal = Path.of("journal");

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    Story story = new Story(subject);
    try {
      SqliteJournal.browse(journal, story::read);
    } catch (JournalFailed e) {
      spec.commandLine().getErr().println("belay: " + e.getMessage());
      return 1;
    }
    List<Story.Line> lines = story.lines();
    if (lines.isEmpty()) {
      spec.commandLine()
          .getErr()
          .printf(
              "belay: the journal in %s knows nothing of %s; give an incident (covet-1), an alert's"
                  + " name or fingerprint, or a release's id%n",
              journal, subject);
      return 1;
    }
    lines.forEach(out::println);
    return 0;
  }
}
