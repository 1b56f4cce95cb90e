package dev.belay.cli;

import dev.belay.console.Story;
import dev.belay.journal.SqliteJournal;
import dev.belay.port.JournalFailed;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code belay explain SUBJECT}: the path of reasons, from a running daemon, or from a journal,
 * whose daemon may be running or not.
 */
@Command(
    name = "explain",
    description = {
      "Prints why Belay acted, or why it did not.",
      "The subject is an incident (covet-1), an alert's name or fingerprint, or a release's id."
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:explained",
      "1:nothing is known of it, or there is nobody and nothing to ask",
      "2:wrong usage"
    },
    mixinStandardHelpOptions = true)
final class ExplainCommand implements Callable<Integer> {
  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Parameters(index = "0", paramLabel = "SUBJECT", description = "what to explain")
  private String subject = "";

  @Mixin private Remote remote = new Remote();

  @Option(
      names = "--journal",
      paramLabel = "FOLDER",
      description = "reads the journal in this folder, and asks no daemon")
  private Optional<Path> journal = Optional.empty();

  @Override
  public Integer call() {
    return journal.map(this::read).orElseGet(this::ask);
  }

  private int ask() {
    try {
      PrintWriter out = spec.commandLine().getOut();
      out.print(remote.text("/api/v1/explain/" + Remote.segment(subject), "text/plain"));
      out.flush();
      return 0;
    } catch (Remote.Refused e) {
      spec.commandLine().getErr().println("belay: " + Terminal.line(e.getMessage()));
      return 1;
    }
  }

  private int read(Path folder) {
    PrintWriter out = spec.commandLine().getOut();
    Story story = new Story(subject);
    try {
      SqliteJournal.browse(folder, story::read);
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
              folder, subject);
      return 1;
    }
    lines.forEach(out::println);
    return 0;
  }
}
