package dev.belay.console;

import dev.belay.core.engine.Fact;
import dev.belay.core.engine.Narrator;
import dev.belay.core.engine.Run;
import dev.belay.core.engine.Sentences;
import dev.belay.core.incident.Blame;
import dev.belay.core.release.Announcement;
import dev.belay.core.release.Release;
import dev.belay.core.release.Sighting;
import dev.belay.port.Journal;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A service's deployment log over a period, in Markdown: what was shipped, when and by whom, which
 * incidents it was blamed for, and what became of it. Reads every entry once, in order.
 */
public final class DeploymentLog {
  /** How far back it goes where nobody says. */
  public static final Duration PERIOD = Duration.ofDays(30);

  private static final int CHANGES_AT_MOST = 5_000;
  private static final int RELEASES_AT_MOST = 1_000;

  private final String service;
  private final Map<Announcement, Release> releases = new LinkedHashMap<>();
  private final Map<Announcement, Set<String>> blamed = new LinkedHashMap<>();
  private final List<String> changes = new ArrayList<>();
  private final Narrator narrator = new Narrator();
  private long leftOut;

  /** The log of the service, yet to be read. */
  public DeploymentLog(String service) {
    this.service = service;
  }

  /** Reads on. Entries must come in the journal's order. */
  public void read(Journal.Entry entry) {
    for (Fact fact : entry.facts()) {
      Told told = new Told(entry.at(), fact);
      if (told.services().contains(service)) {
        read(told);
      }
    }
  }

  private void read(Told told) {
    switch (told.fact()) {
      case Fact.ReleaseRecorded(var _, var release) -> keep(release);
      case Fact.ReleaseJoined(var _, var _, var other, var _) -> releases.remove(other);
      case Fact.RunMoved(var _, Run run, var _) ->
          run.blame()
              .flatMap(Blame::release)
              .filter(release -> releases.containsKey(release.announcement()))
              .ifPresent(
                  release ->
                      blamed
                          .computeIfAbsent(release.announcement(), _ -> new LinkedHashSet<>())
                          .add(run.incident()));
      default -> {}
    }
    if (changes(told.fact())) {
      if (changes.size() < CHANGES_AT_MOST) {
        narrator
            .tell(told.fact(), Optional.empty())
            .ifPresent(words -> changes.add(PostMortem.line(told.at(), words.strip())));
      } else {
        leftOut++;
      }
    }
  }

  private void keep(Release release) {
    releases.put(release.announcement(), release);
    if (releases.size() > RELEASES_AT_MOST) {
      Announcement oldest = releases.keySet().iterator().next();
      releases.remove(oldest);
      blamed.remove(oldest);
      leftOut++;
    }
  }

  private static boolean changes(Fact fact) {
    return switch (fact) {
      case Fact.ReleaseRecorded _,
          Fact.RevisionRan _,
          Fact.RevisionJudged _,
          Fact.IncidentOpened _,
          Fact.IncidentClosed _,
          Fact.PersonApproved _,
          Fact.PersonVetoed _,
          Fact.IncidentSnoozed _,
          Fact.ActionIntended _,
          Fact.ActionEnded _,
          Fact.LeaseEnded _ ->
          true;
      default -> false;
    };
  }

  /** Whether nothing that was read so far speaks of the service. */
  public boolean isEmpty() {
    return releases.isEmpty() && changes.isEmpty();
  }

  /**
   * What was read so far.
   *
   * @param from when the period began
   * @param to when it ended
   */
  public String write(Instant from, Instant to) {
    Markdown page = new Markdown();
    page.heading(
        1,
        "Deployments of "
            + service
            + ", "
            + PostMortem.time(from)
            + " to "
            + PostMortem.time(to)
            + " UTC");
    page.heading(2, "Releases");
    if (releases.isEmpty()) {
      page.paragraph("Nothing was shipped.");
    } else {
      page.table(
          List.of(
              "Began",
              "Took",
              "Version",
              "Image",
              "By",
              "Said by",
              "Revision",
              "Kept by",
              "Change-cause",
              "Incidents"),
          releases.values().stream().map(this::row).toList());
    }
    page.heading(2, "What happened");
    page.list(changes, "Nothing.");
    if (leftOut > 0) {
      page.paragraph(leftOut + " more are left out; ask for a shorter period.");
    }
    return page.toString();
  }

  private List<String> row(Release release) {
    return List.of(
        PostMortem.time(release.startedAt()),
        release
            .finishedAt()
            .map(at -> release.startedAt().until(at).truncatedTo(ChronoUnit.SECONDS))
            .map(Sentences::duration)
            .orElse(""),
        change(release) + release.label(),
        release.image().orElse(""),
        release.actor().orElse(""),
        release.source(),
        release.sighting().map(seen -> seen.revision() + " (" + seen.digest() + ")").orElse(""),
        release.sighting().flatMap(Sighting::owner).orElse(""),
        release.sighting().flatMap(Sighting::changeCause).orElse(""),
        String.join(", ", blamed.getOrDefault(release.announcement(), Set.of())));
  }

  private static String change(Release release) {
    return switch (release.change()) {
      case DEPLOYED, UPGRADED -> "";
      case ROLLED_BACK -> "back to ";
      case REMOVED -> "removed: ";
    };
  }
}
