package dev.belay.console;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A document in Markdown (CommonMark with tables), into which foreign text comes as text only. */
final class Markdown {
  private static final String SPECIAL = "\\`*_{}[]<>#|~&!";

  private final List<String> lines = new ArrayList<>();

  /** The text on one line, without a meaning to Markdown or HTML. */
  static String text(String foreign) {
    return Printable.of(foreign)
        .codePoints()
        .collect(
            StringBuilder::new,
            (out, point) -> {
              if (SPECIAL.indexOf(point) >= 0) {
                out.append('\\');
              }
              out.appendCodePoint(point);
            },
            StringBuilder::append)
        .toString();
  }

  /** A heading, with an empty line on either side. */
  void heading(int level, String foreign) {
    if (!lines.isEmpty() && !lines.getLast().isEmpty()) {
      lines.add("");
    }
    lines.add("#".repeat(level) + " " + text(foreign));
    lines.add("");
  }

  /** A paragraph of Belay's own words and of foreign ones. */
  void paragraph(String foreign) {
    lines.add(text(foreign));
  }

  /** A list; one line that says so where there is nothing. */
  void list(List<String> foreign, String nothing) {
    if (foreign.isEmpty()) {
      paragraph(nothing);
    }
    foreign.forEach(each -> lines.add("- " + text(each)));
  }

  /** A table, of which every row has as many cells as the head. */
  void table(List<String> head, List<List<String>> rows) {
    lines.add(row(head));
    lines.add(row(head.stream().map(_ -> "---").toList()));
    rows.forEach(cells -> lines.add(row(cells.stream().map(Markdown::text).toList())));
  }

  private static String row(List<String> cells) {
    return cells.stream().collect(Collectors.joining(" | ", "| ", " |"));
  }

  @Override
  public String toString() {
    return String.join("\n", lines) + "\n";
  }
}
