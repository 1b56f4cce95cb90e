package dev.belay.cli;

import dev.belay.console.DeploymentLog;
import dev.belay.console.PostMortem;
import dev.belay.console.Story;
import dev.belay.journal.SqliteJournal;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code belay report}: an incident's post-mortem, or a service's deployment log, in Markdown. */
@Command(
    name = "report",
    description = {
      "Writes an incident's post-mortem, or the deployment log of a service, as Markdown.",
      "What was seen, decided and done, when, why, and by whom. Causes and lessons are yours to"
          + " add."
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:written",
      "1:nothing is known of it, or there is nobody and nothing to ask",
      "2:wrong usage"
    },
    mixinStandardHelpOptions = true)
final class ReportCommand implements Callable<Integer> {
  private final InstantSource clock = InstantSource.system();

  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @ArgGroup(multiplicity = "1")
  private Subject subject = new Subject();

  /** One or the other. */
  static final class Subject {
    @Parameters(index = "0", paramLabel = "INCIDENT", description = "such as covet-1")
    private Optional<String> incident = Optional.empty();

    @Option(
        names = "--service",
        paramLabel = "SERVICE",
        description = "writes this service's deployment log")
    private Optional<String> service = Optional.empty();
  }

  @Option(
      names = "--from",
      paramLabel = "TIME",
      description = "where the log begins, such as 2026-11-01T00:00:00Z (default: 30 days ago)")
  private Optional<Instant> from = Optional.empty();

  @Option(names = "--to", paramLabel = "TIME", description = "where it ends (default: now)")
  private Optional<Instant> to = Optional.empty();

  @Mixin private Remote remote = new Remote();

  @Option(
      names = "--journal",
      paramLabel = "FOLDER",
      description = "reads the journal in this folder, and asks no daemon")
  private Optional<Path> journal = Optional.empty();

  @Override
  public Integer call() throws Remote.Refused {
    String report =
        journal.isPresent()
            ? read(journal.get())
                .orElseThrow(
                    () ->
                        new Remote.Refused(
                            "the journal in " + journal.get() + " knows nothing of it"))
            : remote.text(path(), "text/markdown");
    spec.commandLine().getOut().print(report);
    spec.commandLine().getOut().flush();
    return 0;
  }

  private String path() {
    return subject
        .service
        .map(
            service ->
                "/api/v1/services/"
                    + Remote.segment(service)
                    + "/report"
                    + new Period(Optional.of(begin()), Optional.of(end())).query())
        .orElseGet(
            () -> "/api/v1/incidents/" + Remote.segment(subject.incident.orElse("")) + "/report");
  }

  private Optional<String> read(Path folder) {
    if (subject.service.isPresent()) {
      DeploymentLog log = new DeploymentLog(subject.service.get());
      Instant begin = begin();
      Instant end = end();
      SqliteJournal.browse(
          folder, new Period(Optional.of(begin), Optional.of(end)).only(log::read));
      return log.isEmpty() ? Optional.empty() : Optional.of(log.write(begin, end));
    }
    String incident = subject.incident.orElse("");
    Story story = new Story(incident);
    SqliteJournal.browse(folder, story::read);
    return PostMortem.of(incident, story, clock.instant());
  }

  private Instant begin() {
    return from.orElseGet(() -> clock.instant().minus(DeploymentLog.PERIOD));
  }

  private Instant end() {
    return to.orElseGet(clock::instant);
  }
}
