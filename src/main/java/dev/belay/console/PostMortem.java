package dev.belay.console;

import dev.belay.core.engine.Fact;
import dev.belay.core.engine.Lease;
import dev.belay.core.engine.Run;
import dev.belay.core.engine.Sentences;
import dev.belay.core.incident.Blame;
import dev.belay.core.incident.Course;
import dev.belay.core.release.Release;
import dev.belay.core.remediation.ActionId;
import dev.belay.core.remediation.Outcome;
import dev.belay.core.remediation.Plan;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * An incident as people write it down afterwards, in Markdown: times, versions, what was seen,
 * decided and done and by whom, what was restored, and what is left. It says what the journal says,
 * and nothing more: causes and lessons are for people to add.
 */
public final class PostMortem {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

  private static final int ANSWERS_AT_MOST = 20;

  private final String incident;
  private final List<Told> facts;
  private final List<Story.Sentence> sentences;
  private final List<Course> courses;
  private final List<Instant> calls;
  private final long leftOut;

  private PostMortem(String incident, Story story) {
    this.incident = incident;
    this.facts = story.facts();
    this.sentences = story.sentences();
    this.courses = story.courses();
    this.calls = story.calls();
    this.leftOut = story.leftOut();
  }

  /**
   * The report.
   *
   * @param story of this incident
   * @param now until when an incident that is not over has lasted
   * @return empty where the story does not tell how such an incident opened
   */
  public static Optional<String> of(String incident, Story story, Instant now) {
    PostMortem report = new PostMortem(incident, story);
    return report.opened().map(opened -> report.write(opened, now));
  }

  private String write(Fact.IncidentOpened opened, Instant now) {
    Optional<Fact.IncidentClosed> closed =
        first(Fact.IncidentClosed.class, it -> it.incident().equals(incident));
    Markdown page = new Markdown();
    page.heading(1, incident + ": " + opened.cause() + " (" + opened.service() + ")");
    page.table(List.of("What", "Which"), head(opened, closed, now));
    page.heading(2, "Times (UTC)");
    page.table(List.of("When", "After", "What"), times(opened, closed));
    if (!courses.isEmpty()) {
      page.heading(2, "What was measured");
      page.table(
          List.of("Trigger", "First", "Worst", "Last", "Course"),
          courses.stream().map(course -> new CourseText(course).row()).toList());
    }
    page.heading(2, "What was seen");
    page.list(seen(), "Nothing but what opened it.");
    page.heading(2, "What was decided, and why");
    page.list(sentences(this::decided), "Nothing.");
    page.heading(2, "What was done");
    List<List<String>> done = done();
    if (done.isEmpty()) {
      page.paragraph("Belay changed nothing.");
    } else {
      page.table(List.of("When", "What", "Outcome"), done);
    }
    page.heading(2, "What people did");
    page.list(sentences(PostMortem::byPeople), "Nobody answered Belay.");
    page.heading(2, "What was restored");
    page.list(
        sentences(fact -> fact instanceof Fact.LeaseEnded ended && ended.undone()),
        mitigated() ? "Nothing." : "There was nothing to restore.");
    page.heading(2, "What is left");
    page.list(left(closed, now), "Nothing that Belay knows of.");
    page.heading(2, "In full");
    page.list(sentences(_ -> true), "");
    if (leftOut > 0) {
      page.paragraph("Of the middle " + leftOut + " entries are left out.");
    }
    return page.toString();
  }

  private List<List<String>> head(
      Fact.IncidentOpened opened, Optional<Fact.IncidentClosed> closed, Instant now) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("Service", opened.service()));
    rows.add(List.of("Opened", time(opened.at())));
    rows.add(List.of("Over", closed.map(end -> time(end.at())).orElse("no, as of " + time(now))));
    rows.add(
        List.of("Lasted", length(opened.at(), closed.map(Fact.IncidentClosed::at).orElse(now))));
    closed.ifPresent(end -> rows.add(List.of("How it ended", end.reason().sentence())));
    blamed()
        .ifPresent(
            release ->
                rows.add(
                    List.of(
                        "Blamed release",
                        release.label()
                            + release.actor().map(actor -> " by " + actor).orElse("")
                            + ", said by "
                            + release.source())));
    applied()
        .filter(Plan.RollBack.class::isInstance)
        .map(Plan.RollBack.class::cast)
        .findFirst()
        .ifPresent(
            back ->
                rows.add(
                    List.of(
                        "Versions",
                        String.join(", ", back.fromImages())
                            + " back to "
                            + String.join(", ", back.toImages()))));
    return rows;
  }

  /**
   * The moments that durations are counted between, each with what went by since the one before.
   */
  private List<List<String>> times(
      Fact.IncidentOpened opened, Optional<Fact.IncidentClosed> closed) {
    Map<Instant, String> moments = new LinkedHashMap<>();
    blamed()
        .ifPresent(
            release -> moments.put(release.startedAt(), "release " + release.label() + " began"));
    firstSign(opened).ifPresent(sign -> moments.putIfAbsent(sign, "the first sign of trouble"));
    moments.merge(opened.at(), "the incident opened", PostMortem::both);
    facts.stream()
        .filter(told -> said(told.fact()).isPresent())
        .limit(ANSWERS_AT_MOST)
        .forEach(
            told -> moments.merge(told.at(), said(told.fact()).orElseThrow(), PostMortem::both));
    first(Fact.ActionIntended.class, this::ours)
        .ifPresent(it -> moments.merge(it.at(), "the first action began", PostMortem::both));
    first(Fact.ActionEnded.class, it -> ours(it) && it.outcome() instanceof Outcome.Applied)
        .ifPresent(it -> moments.merge(it.at(), "it took effect", PostMortem::both));
    calls.stream()
        .findFirst()
        .ifPresent(at -> moments.merge(at, "a person was called", PostMortem::both));
    closed.ifPresent(it -> moments.merge(it.at(), "the incident was over", PostMortem::both));
    List<List<String>> rows = new ArrayList<>();
    Optional<Instant> before = Optional.empty();
    for (Map.Entry<Instant, String> moment :
        moments.entrySet().stream().sorted(Map.Entry.comparingByKey()).toList()) {
      rows.add(
          List.of(
              time(moment.getKey()),
              before.map(from -> length(from, moment.getKey())).orElse(""),
              moment.getValue()));
      before = Optional.of(moment.getKey());
    }
    return rows;
  }

  /** What a person said of the incident itself, in few words. */
  private Optional<String> said(Fact fact) {
    return switch (fact) {
      case Fact.PersonApproved(_, var about, var person, _, _) when about.equals(incident) ->
          Optional.of(person + " approved");
      case Fact.PersonVetoed(_, var about, var person, _) when about.equals(incident) ->
          Optional.of(person + " objected");
      case Fact.PersonAcknowledged(_, var about, var person, _) when about.equals(incident) ->
          Optional.of(person + " was on it");
      case Fact.IncidentSnoozed(_, var about, var person, _, _) when about.equals(incident) ->
          Optional.of(person + " took it in hand");
      default -> Optional.empty();
    };
  }

  private static String both(String one, String other) {
    return one + "; " + other;
  }

  /** What was seen of the trouble before it was an incident, and within its hour. */
  private Optional<Instant> firstSign(Fact.IncidentOpened opened) {
    return facts.stream()
        .flatMap(
            told ->
                switch (told.fact()) {
                  case Fact.AlertFired(var episode)
                      when episode.services().contains(opened.service()) ->
                      Stream.of(episode.startsAt());
                  case Fact.TriggerMoved(var service, var trigger)
                      when service.equals(opened.service()) ->
                      trigger.activeAt().stream();
                  default -> Stream.empty();
                })
        .filter(at -> !at.isAfter(opened.at()))
        .min(Instant::compareTo);
  }

  private List<List<String>> done() {
    return attempts()
        .map(
            attempt ->
                List.of(
                    time(attempt.intended().at()),
                    Sentences.plan(attempt.intended().plan())
                        + " (action "
                        + attempt.intended().action()
                        + ")",
                    attempt.words()))
        .toList();
  }

  private boolean mitigated() {
    return all(Fact.LeaseMoved.class).findAny().isPresent()
        || all(Fact.LeaseEnded.class).findAny().isPresent();
  }

  private List<String> left(Optional<Fact.IncidentClosed> closed, Instant now) {
    List<String> left = new ArrayList<>();
    if (closed.isEmpty()) {
      left.add("The incident is not over.");
    }
    Map<ActionId, Lease> leases = new LinkedHashMap<>();
    all(Fact.LeaseMoved.class).forEach(moved -> leases.put(moved.lease().action(), moved.lease()));
    all(Fact.LeaseEnded.class)
        .forEach(
            ended -> {
              Optional<Lease> lease = Optional.ofNullable(leases.remove(ended.action()));
              if (!ended.undone()) {
                left.add(
                    "A person has to "
                        + lease.map(Lease::undo).map(Sentences::plan).orElse("undo a mitigation")
                        + "; Belay gave up. "
                        + ended.reason().sentence()
                        + " "
                        + ended.detail());
              }
            });
    leases.values().forEach(lease -> left.add(inForce(lease, now)));
    blame()
        .filter(this::stillRuns)
        .flatMap(Blame::release)
        .ifPresent(release -> left.add(remains(release, closed.isPresent())));
    if (applied().anyMatch(Plan.RollBack.class::isInstance)) {
      left.add(
          "The rollback is in the cluster only: what ships the service (pipeline, chart, Git) still"
              + " has the version that was rolled back.");
    }
    return left;
  }

  /** Whether neither Belay nor, as far as it saw, somebody else put anything in its place. */
  private boolean stillRuns(Blame blame) {
    if (applied().anyMatch(Plan.RollBack.class::isInstance)) {
      return false;
    }
    Optional<String> runs =
        all(Fact.RevisionRan.class)
            .filter(it -> opened().filter(open -> open.service().equals(it.service())).isPresent())
            .map(it -> it.revision().digest())
            .reduce((_, later) -> later);
    return runs.isEmpty() || blame.digest().isEmpty() || runs.equals(blame.digest());
  }

  /** The story ends with the incident, and with it what is known of what runs. */
  private static String remains(Release release, boolean over) {
    return "Release "
        + release.label()
        + ", which was blamed, was not rolled back; "
        + (over ? "when the incident was over, it still ran." : "it still runs.");
  }

  /** The journal may say no more of it: a hold keeps it in force, or its undoing is under way. */
  private static String inForce(Lease lease, Instant now) {
    String undo = Sentences.plan(lease.undo()) + ".";
    return lease.phase() == Lease.Phase.HOLDING && lease.deadline().isAfter(now)
        ? "Until " + time(lease.deadline()) + " still in force, then to " + undo
        : "Due, but not known to be done yet: to " + undo;
  }

  /** What was decided, and what became of what was begun. */
  private boolean decided(Fact fact) {
    return fact instanceof Fact.Decided
        || (fact instanceof Fact.RunEnded ended && ended.incident().equals(incident));
  }

  private static boolean seen(Fact fact) {
    return switch (fact) {
      case Fact.AlertFired _,
          Fact.AlertEnded _,
          Fact.TriggerMoved _,
          Fact.ReleaseRecorded _,
          Fact.ReleaseJoined _,
          Fact.RevisionRan _,
          Fact.RevisionJudged _,
          Fact.InputMoved _ ->
          true;
      default -> false;
    };
  }

  private static boolean byPeople(Fact fact) {
    return switch (fact) {
      case Fact.PersonApproved _,
          Fact.PersonVetoed _,
          Fact.IncidentSnoozed _,
          Fact.PersonAcknowledged _,
          Fact.PageEscalated _,
          Fact.Held _,
          Fact.HoldReleased _,
          Fact.ReloadAccepted _,
          Fact.ReloadRefused _ ->
          true;
      default -> false;
    };
  }

  private Optional<Fact.IncidentOpened> opened() {
    return first(Fact.IncidentOpened.class, it -> it.incident().equals(incident));
  }

  private Optional<Release> blamed() {
    return blame().flatMap(Blame::release);
  }

  private Optional<Blame> blame() {
    return all(Fact.RunMoved.class)
        .map(Fact.RunMoved::run)
        .filter(run -> run.incident().equals(incident))
        .map(Run::blame)
        .flatMap(Optional::stream)
        .filter(blame -> blame.release().isPresent())
        .findFirst();
  }

  private Stream<Attempt> attempts() {
    return Attempt.of(facts).stream().filter(attempt -> ours(attempt.intended()));
  }

  /** The plans that are known to have taken effect. */
  private Stream<Plan> applied() {
    return attempts().filter(Attempt::applied).map(attempt -> attempt.intended().plan());
  }

  private boolean ours(Fact.ActionIntended fact) {
    return fact.incident().equals(incident);
  }

  private boolean ours(Fact.ActionEnded fact) {
    return fact.incident().equals(incident);
  }

  private <T extends Fact> Stream<T> all(Class<T> type) {
    return facts.stream().map(Told::fact).filter(type::isInstance).map(type::cast);
  }

  private <T extends Fact> Optional<T> first(Class<T> type, Predicate<T> which) {
    return all(type).filter(which).findFirst();
  }

  private List<String> sentences(Predicate<Fact> which) {
    return sentences.stream()
        .filter(sentence -> which.test(sentence.told().fact()))
        .map(sentence -> line(sentence.told().at(), sentence.words()))
        .toList();
  }

  /** What was seen, with what alerts say of themselves. */
  private List<String> seen() {
    return sentences.stream()
        .filter(sentence -> seen(sentence.told().fact()))
        .map(sentence -> line(sentence.told().at(), sentence.words() + said(sentence.told())))
        .toList();
  }

  private static String said(Told told) {
    return told.evidence().isEmpty()
        ? ""
        : told.evidence().stream()
            .map(Sentences::evidence)
            .collect(Collectors.joining("; ", " [", "]"));
  }

  /** What was said, and when it became true. */
  static String line(Instant at, String words) {
    return time(at) + "  " + words;
  }

  /** A moment as reports write it, in UTC. */
  static String time(Instant at) {
    return TIME.format(at);
  }

  private static String length(Instant from, Instant to) {
    Duration lasted = Duration.between(from, to).truncatedTo(ChronoUnit.MILLIS);
    return Sentences.duration(
        lasted.compareTo(Duration.ofMinutes(1)) < 0
            ? lasted
            : lasted.truncatedTo(ChronoUnit.SECONDS));
  }
}
