package dev.belay.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** {@code belay incidents}: what is wrong now, and what is about to be done. */
@Command(
    name = "incidents",
    description = "Lists incidents of a running Belay, the open ones first.",
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {"0:listed", "1:no Belay answers, or it refuses", "2:wrong usage"},
    mixinStandardHelpOptions = true)
final class IncidentsCommand implements Callable<Integer> {
  /** So many characters of a plan's digest are shown. */
  private static final int PLAN_SHOWN = 12;

  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Mixin private Remote remote = new Remote();

  @Option(names = "--all", description = "those that are over, too")
  private boolean all;

  @Override
  public Integer call() throws Remote.Refused {
    PrintWriter out = spec.commandLine().getOut();
    List<List<String>> rows = new ArrayList<>();
    for (JsonNode incident :
        remote.get("/api/v1/incidents" + (all ? "" : "?state=open")).path("incidents")) {
      rows.add(
          List.of(
              Terminal.line(incident.path("id").asString("")),
              toTheSecond(incident.path("openedAt").asString("")),
              Terminal.line(incident.path("service").asString("")),
              Terminal.line(incident.path("cause").asString("")),
              Terminal.line(standing(incident))));
    }
    if (rows.isEmpty()) {
      out.println(all ? "No incident is remembered." : "Nothing is wrong: no incident is open.");
    } else {
      rows.addFirst(List.of("INCIDENT", "SINCE", "SERVICE", "CAUSE", "STANDING"));
      print(out, rows);
    }
    return 0;
  }

  private static String toTheSecond(String time) {
    return Terminal.line(time).replaceFirst("\\.[0-9]+Z$", "Z");
  }

  private static String standing(JsonNode incident) {
    JsonNode run = incident.path("run");
    if (run.isObject()) {
      String plan = run.path("plan").path("words").asString("");
      List<String> answers =
          run.path("answers").valueStream().map(each -> each.asString("")).toList();
      String left =
          answers.isEmpty()
              ? ""
              : String.format(Locale.ROOT, " (%d s left)", run.path("secondsLeft").asLong(0));
      // What can be objected to only, or no more, is nobody's to approve.
      String naming = answers.contains("approve") ? " --plan " + plan(run) : "";
      return run.path("standing").asString("") + left + (plan.isEmpty() ? "" : " " + plan + naming);
    }
    return incident.path("state").asString("").equals("open")
        ? incident.path("paged").asBoolean(false) ? "A person was called." : "Belay watches."
        : incident.path("outcome").path("sentence").asString("over");
  }

  /** By what a person names the plan to belay approve. */
  static String plan(JsonNode run) {
    String digest = Terminal.line(run.path("plan").path("digest").asString(""));
    return digest.substring(0, Math.min(PLAN_SHOWN, digest.length()));
  }

  private static void print(PrintWriter out, List<List<String>> rows) {
    List<Integer> widths =
        IntStream.range(0, rows.getFirst().size())
            .mapToObj(column -> rows.stream().mapToInt(row -> row.get(column).length()).max())
            .map(width -> width.orElse(0))
            .toList();
    for (List<String> row : rows) {
      out.println(
          IntStream.range(0, row.size())
              .mapToObj(
                  column ->
                      row.get(column) + " ".repeat(widths.get(column) - row.get(column).length()))
              .collect(Collectors.joining("  "))
              .stripTrailing());
    }
  }
}
