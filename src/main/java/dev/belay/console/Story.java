package dev.belay.console;

import dev.belay.core.alert.Labels;
import dev.belay.core.engine.Fact;
import dev.belay.core.engine.Narrator;
import dev.belay.core.engine.Sentences;
import dev.belay.core.incident.Course;
import dev.belay.core.incident.Notice;
import dev.belay.core.release.Release;
import dev.belay.core.remediation.ActionId;
import dev.belay.port.Journal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Why, or why not: picks from a journal what one incident, alert or release led to, and what led to
 * it. Reads every entry once, in order, and keeps a bounded part of them.
 *
 * <p>An incident's story begins with what was seen of its service in the hour before. An alert's
 * and a release's story goes on with every incident that it led to or took part in.
 */
public final class Story {
  /** How many facts a story tells; of a longer one the middle is left out. */
  static final int FACTS_AT_MOST = 2_000;

  private static final int BEGINNING_KEPT = 500;
  private static final int BACKGROUND_AT_MOST = 200;
  private static final int CALLS_AT_MOST = 20;
  private static final Duration LEAD_IN = Duration.ofHours(1);

  /**
   * One line of a story.
   *
   * @param at when it became true
   * @param text a sentence or two with reasons and evidence, on one line and harmless in a terminal
   * @param kind which sort of fact: {@code alert_fired}, {@code decided}
   */
  public record Line(Instant at, String text, String kind) {
    /** The line as people read it in a terminal. */
    @Override
    public String toString() {
      return Sentences.moment(at) + "  " + text;
    }
  }

  /**
   * What a fact says in a story.
   *
   * @param words a sentence or two; may hold foreign text
   */
  record Sentence(Told told, String words) {}

  /**
   * All that a story tells, as it is once it was read.
   *
   * @param leftOut how many facts were left out because the story is too long
   */
  record Whole(List<Line> lines, List<Sentence> sentences, List<Course> courses, long leftOut) {}

  private final String subject;
  private final TreeMap<Long, Told> told = new TreeMap<>();
  private long count;
  private long leftOut;

  /** The subject, and where it is an alert's name, the fingerprints of those of that name. */
  private final Set<String> subjects = new HashSet<>();

  /** The incidents that the story is about. */
  private final Set<String> incidents = new HashSet<>();

  /** Actions of those incidents whose mitigations are still in force. */
  private final Set<ActionId> leases = new HashSet<>();

  /** Services of which the subject is the newest release. */
  private final Set<String> released = new HashSet<>();

  /** The open incident of each service, where one is open. */
  private final Map<String, String> open = new HashMap<>();

  /** The alerts that fire, and the services that each speaks of. */
  private final Map<Labels, List<String>> firing = new HashMap<>();

  /** What is not told so far, but will be where its service's incident proves to belong here. */
  private final Map<String, Deque<Background>> backgrounds = new HashMap<>();

  /** Whether the subject is an incident that was found: none of what is not told will be. */
  private boolean incidentFound;

  private final Courses courses = new Courses();

  /** When people were called for the incident that the story is about, as far as that is kept. */
  private final List<Instant> calls = new ArrayList<>();

  private record Background(long number, Told told) {}

  /**
   * A story that is yet to be read.
   *
   * @param subject an incident's id, an alert's fingerprint or name, or a release's id
   */
  public Story(String subject) {
    this.subject = subject;
    subjects.add(subject);
  }

  /** The story of the subject; empty where the entries do not speak of it. */
  public static List<Line> of(String subject, Iterable<Journal.Entry> entries) {
    Story story = new Story(subject);
    entries.forEach(story::read);
    return story.lines();
  }

  /** Reads on. Entries must come in the journal's order. */
  public void read(Journal.Entry entry) {
    for (Fact fact : entry.facts()) {
      count++;
      read(new Told(entry.at(), fact));
    }
  }

  /** All that was read so far; reading on does not change it. */
  Whole whole() {
    return new Whole(lines(), sentences(), courses(), leftOut);
  }

  /** What was read so far, the oldest first. */
  public List<Line> lines() {
    boolean several =
        told.values().stream().flatMap(fact -> fact.services().stream()).distinct().count() > 1;
    return sentences().stream().map(each -> line(each, several)).toList();
  }

  private static Line line(Sentence each, boolean naming) {
    String service = naming ? String.join(", ", each.told().services()) : "";
    return new Line(
        each.told().at(),
        Printable.of((service.isEmpty() ? "" : "[" + service + "] ") + each.words()),
        each.told().kind());
  }

  /** The facts behind {@link #lines}, those too that have nothing new to say. */
  List<Told> facts() {
    return List.copyOf(told.values());
  }

  /** The facts that have something new to say, each with that. */
  List<Sentence> sentences() {
    return sentences(facts());
  }

  /** The same of other facts of one story. */
  static List<Sentence> sentences(List<Told> facts) {
    Narrator narrator = new Narrator();
    List<Sentence> sentences = new ArrayList<>();
    for (int i = 0; i < facts.size(); i++) {
      Told fact = facts.get(i);
      Optional<Fact> next =
          i + 1 < facts.size() ? Optional.of(facts.get(i + 1).fact()) : Optional.empty();
      narrator
          .tell(fact.fact(), next)
          .ifPresent(words -> sentences.add(new Sentence(fact, words.strip())));
    }
    return sentences;
  }

  /** What was read around the incident that the story is about, as far as that was written down. */
  List<Course> courses() {
    return courses.all();
  }

  /** When people were called for the incident that the story is about, the first times. */
  List<Instant> calls() {
    return List.copyOf(calls);
  }

  /** Whether a mitigation of it is in force, as far as was read. */
  boolean mitigated() {
    return !leases.isEmpty();
  }

  /** How many facts were left out because the story is too long. */
  long leftOut() {
    return leftOut;
  }

  private void read(Told fact) {
    // Before belongs() forgets whose the alert was.
    List<String> services =
        fact.fact() instanceof Fact.AlertEnded(var labels, _, _)
            ? firing.getOrDefault(labels, List.of())
            : fact.services();
    boolean belongs = belongs(fact.fact());
    if (Sentences.of(fact.fact()).isEmpty()) {
      return;
    }
    if (belongs) {
      tell(count, fact);
    } else {
      services.forEach(service -> keep(service, fact));
    }
    if (fact.fact() instanceof Fact.IncidentClosed(var service, _, _, _)) {
      backgrounds.remove(service);
    }
  }

  /** Whether the fact is part of the story; takes note of what it changes. */
  private boolean belongs(Fact fact) {
    return switch (fact) {
      case Fact.AlertFired(var episode) -> {
        firing.put(episode.labels(), episode.services());
        boolean named = names(episode.labels());
        if (named) {
          subjects.add(episode.labels().fingerprint().toString());
          episode.services().forEach(this::followOpen);
        }
        yield named || episode.services().stream().anyMatch(this::followed);
      }
      case Fact.AlertEnded(var labels, _, _) -> {
        List<String> services = firing.getOrDefault(labels, List.of());
        firing.remove(labels);
        yield names(labels) || services.stream().anyMatch(this::followed);
      }
      case Fact.ReleaseRecorded(var service, var release) -> released(service, release);
      case Fact.ReleaseJoined(var service, _, _, _) -> ofService(service);
      case Fact.ServiceNarrowed(var service, _, _) -> ofService(service);
      case Fact.RevisionRan(var service, _, _, _) -> ofService(service);
      case Fact.RevisionJudged(var service, _, _, _, _) -> ofService(service);
      case Fact.TriggerMoved(var service, _) -> ofService(service);
      case Fact.IncidentOpened(var service, var incident, _, var at) ->
          opened(service, incident, at);
      case Fact.IncidentClosed(var service, var incident, _, _) -> {
        open.remove(service);
        yield incidents.contains(incident);
      }
      case Fact.Decided decided ->
          subjects.contains(decided.subject()) || incidents.contains(decided.subject());
      case Fact.RunMoved(var service, var run, _) -> {
        if (run.blame().flatMap(blame -> blame.release()).filter(this::isSubject).isPresent()) {
          follow(service, run.incident());
        }
        yield incidents.contains(run.incident());
      }
      case Fact.RunEnded(_, var incident, _, _) -> incidents.contains(incident);
      case Fact.PermitAnswered(var service, _, _, _) -> followed(service);
      case Fact.ActionIntended(_, var incident, _, _, _) -> incidents.contains(incident);
      case Fact.ActionEnded(_, var incident, _, _, _) -> incidents.contains(incident);
      case Fact.LeaseMoved(_, var lease, _) -> {
        boolean ours = incidents.contains(lease.incident());
        if (ours) {
          leases.add(lease.action());
        }
        // Another incident that needs it for longer takes it over.
        yield ours || leases.contains(lease.action());
      }
      case Fact.LeaseEnded(_, var action, _, _, _, _) -> leases.remove(action);
      case Fact.NoticeGivenUp(var incident, _, _, _) -> incidents.contains(incident);
      case Fact.PersonApproved(_, var incident, _, _, _) -> incidents.contains(incident);
      case Fact.PersonVetoed(_, var incident, _, _) -> incidents.contains(incident);
      case Fact.IncidentSnoozed(_, var incident, _, _, _) -> incidents.contains(incident);
      case Fact.SnoozeEnded(_, var incident, _) -> incidents.contains(incident);
      case Fact.PersonAcknowledged(_, var incident, _, _) -> incidents.contains(incident);
      case Fact.PageEscalated(_, var incident, _, _, _) -> incidents.contains(incident);
      case Fact.IncidentCharted(_, var incident, var more, _) -> {
        if (incident.equals(subject)) {
          more.forEach(courses::add);
        }
        yield false;
      }
      case Fact.NoticeMade(var notice) -> {
        if (notice.kind() == Notice.Kind.PAGE
            && notice.incident().equals(subject)
            && calls.size() < CALLS_AT_MOST) {
          calls.add(notice.at());
        }
        yield false;
      }
      case Fact.Held _,
          Fact.HoldReleased _,
          Fact.ReloadAccepted _,
          Fact.ReloadRefused _,
          Fact.BrakeEngaged _,
          Fact.BrakeReleased _,
          Fact.InputMoved _ ->
          open.values().stream().anyMatch(incidents::contains);
      case Fact.AlertAssigned(var labels, var services, _) -> {
        firing.put(labels, services);
        if (names(labels)) {
          services.forEach(this::followOpen);
        }
        yield names(labels) || services.stream().anyMatch(this::followed);
      }
      case Fact.AlertForgotten(var labels) -> {
        firing.remove(labels);
        yield false;
      }
      case Fact.JournalBegun _,
          Fact.ServiceFound _,
          Fact.ServiceLost _,
          Fact.InputRead _,
          Fact.InputHeard _,
          Fact.RolloutMoved _,
          Fact.AlertRenewed _,
          Fact.RuleMoved _,
          Fact.RevisionSoaked _,
          Fact.PermitAsked _,
          Fact.DaemonStarted _,
          Fact.DaemonStopped _,
          Fact.NoticeSent _,
          Fact.ChannelsNamed _,
          Fact.NoticesTriedAgain _ ->
          false;
    };
  }

  private boolean names(Labels labels) {
    return subject.equals(labels.alertName()) || subject.equals(labels.fingerprint().toString());
  }

  private boolean isSubject(Release release) {
    return release.id().equals(subject);
  }

  private boolean followed(String service) {
    return incidents.contains(open.getOrDefault(service, ""));
  }

  private boolean ofService(String service) {
    return followed(service) || released.contains(service);
  }

  private boolean released(String service, Release release) {
    if (isSubject(release)) {
      released.add(service);
      followOpen(service);
      return true;
    }
    released.remove(service);
    return followed(service);
  }

  private boolean opened(String service, String incident, Instant at) {
    forgetBefore(service, at.minus(LEAD_IN));
    open.put(service, incident);
    boolean named =
        firing.entrySet().stream()
            .anyMatch(alert -> alert.getValue().contains(service) && names(alert.getKey()));
    if (incident.equals(subject) || named || released.contains(service)) {
      follow(service, incident);
    }
    if (incident.equals(subject)) {
      incidentFound = true;
      backgrounds.clear();
    }
    return incidents.contains(incident);
  }

  private void followOpen(String service) {
    Optional.ofNullable(open.get(service)).ifPresent(incident -> follow(service, incident));
  }

  private void follow(String service, String incident) {
    if (incidents.add(incident)) {
      Deque<Background> background = backgrounds.remove(service);
      if (background != null) {
        background.forEach(kept -> tell(kept.number(), kept.told()));
      }
    }
  }

  private void forgetBefore(String service, Instant from) {
    Deque<Background> background = backgrounds.get(service);
    if (background != null) {
      background.removeIf(kept -> kept.told().at().isBefore(from));
    }
  }

  private void keep(String service, Told fact) {
    if (incidentFound) {
      return;
    }
    Deque<Background> background = backgrounds.computeIfAbsent(service, _ -> new ArrayDeque<>());
    background.addLast(new Background(count, fact));
    if (background.size() > BACKGROUND_AT_MOST) {
      background.removeFirst();
    }
  }

  private void tell(long number, Told fact) {
    told.put(number, fact);
    if (told.size() > FACTS_AT_MOST) {
      long middle = told.keySet().stream().skip(BEGINNING_KEPT).findFirst().orElseThrow();
      told.remove(middle);
      leftOut++;
    }
  }
}
