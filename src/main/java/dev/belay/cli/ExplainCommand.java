package dev.belay.cli;

import dev.belay.console.Story;
import dev.belay.journal.SqliteJournal;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
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

  @Option(
      names = "--from",
      paramLabel = "TIME",
      description =
          "what is told begins here, such as 2026-11-01T00:00:00Z (default: an hour before the"
              + " incident, or a day ago)")
  private Optional<Instant> from = Optional.empty();

  @Option(
      names = "--to",
      paramLabel = "TIME",
      description = "and ends here (default: an hour after the incident, or now)")
  private Optional<Instant> to = Optional.empty();

  @Mixin private Remote remote = new Remote();

  @Option(
      names = "--journal",
      paramLabel = "FOLDER",
      description = "reads the journal in this folder, and asks no daemon")
  private Optional<Path> journal = Optional.empty();

  @Override
  public Integer call() throws Remote.Refused {
    return journal.isPresent() ? read(journal.get()) : ask();
  }

  private int ask() throws Remote.Refused {
    PrintWriter out = spec.commandLine().getOut();
    out.print(
        remote.text(
            "/api/v1/explain/" + Remote.segment(subject) + new Period(from, to).query(),
            "text/plain"));
    out.flush();
    return 0;
  }

  private int read(Path folder) throws Remote.Refused {
    Story story = new Story(subject);
    SqliteJournal.browse(folder, new Period(from, to).only(story::read));
    List<Story.Line> lines = story.lines();
    if (lines.isEmpty()) {
      throw new Remote.Refused(
          "the journal in "
              + folder
              + " knows nothing of "
              + subject
              + "; give an incident (covet-1), an alert's name or fingerprint, or a release's id");
    }
    lines.forEach(spec.commandLine().getOut()::println);
    return 0;
  }
}
