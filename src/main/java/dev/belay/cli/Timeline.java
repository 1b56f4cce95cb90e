package dev.belay.cli;

import dev.belay.core.engine.Fact;
import dev.belay.core.engine.Narrator;
import dev.belay.core.incident.Notice;
import dev.belay.port.Journal;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What happens, line by line, in the terminal: when, who, what. Safe for use by many threads. */
final class Timeline {
  /** Who speaks on a line. */
  enum Voice {
    WORLD("34", "the world"),
    ALERT("33", "alert"),
    BELAY("36", "belay"),
    CLUSTER("35", "cluster"),
    PEOPLE("32", "to people");

    private final String colour;
    private final String name;

    Voice(String colour, String name) {
      this.colour = colour;
      this.name = name;
    }
  }

  private final PrintWriter out;
  private final boolean colour;
  private final Instant start;
  private final List<Journal.Entry> early = new ArrayList<>();
  private final Narrator narrator = new Narrator();
  private boolean begun;

  Timeline(PrintWriter out, boolean colour, Instant start) {
    this.out = out;
    this.colour = colour;
    this.start = start;
  }

  /** Prints a line that something at {@code at} is worth. */
  synchronized void say(Instant at, Voice voice, String text) {
    double seconds = Duration.between(start, at).toMillis() / 1000.0;
    String name = String.format(Locale.ROOT, "%-9s", voice.name);
    out.printf(
        Locale.ROOT,
        "%6.1fs  %s  %s%n",
        seconds,
        colour ? "\u001b[" + voice.colour + "m" + name + "\u001b[0m" : name,
        Terminal.line(text));
    out.flush();
  }

  /** Lets be seen what was shown so far, and from now on; before, the title has to be printed. */
  synchronized void begin() {
    begun = true;
    early.forEach(this::print);
    early.clear();
  }

  /** Prints what became durable, as far as it is news. */
  synchronized void show(List<Journal.Entry> entries) {
    if (begun) {
      entries.forEach(this::print);
    } else {
      early.addAll(entries);
    }
  }

  /** People are told in the same words; only that somebody is called needs a line of its own. */
  private void print(Journal.Entry entry) {
    List<Fact> facts = entry.facts();
    for (int i = 0; i < facts.size(); i++) {
      Fact fact = facts.get(i);
      Optional<Fact> next = i + 1 < facts.size() ? Optional.of(facts.get(i + 1)) : Optional.empty();
      narrator.tell(fact, next).ifPresent(text -> say(entry.at(), voice(fact), text));
      if (fact instanceof Fact.NoticeMade(var notice) && notice.kind() == Notice.Kind.PAGE) {
        say(entry.at(), Voice.PEOPLE, "A person is called: " + notice.text());
      }
    }
  }

  private static Voice voice(Fact fact) {
    return switch (fact) {
      case Fact.AlertFired _,
          Fact.AlertEnded _,
          Fact.TriggerMoved _,
          Fact.ReleaseRecorded _,
          Fact.ReleaseJoined _ ->
          Voice.ALERT;
      case Fact.RevisionRan _, Fact.ActionEnded _ -> Voice.CLUSTER;
      default -> Voice.BELAY;
    };
  }
}
