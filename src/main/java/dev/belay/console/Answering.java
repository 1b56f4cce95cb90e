package dev.belay.console;

import dev.belay.core.engine.Event;
import dev.belay.core.engine.Run;
import dev.belay.core.engine.ServiceState;
import dev.belay.core.engine.State;
import dev.belay.core.incident.Evidence;
import dev.belay.core.incident.Incident;
import dev.belay.core.incident.Reason;
import dev.belay.core.remediation.ActionId;
import dev.belay.core.remediation.Plan;
import dev.belay.port.Inbox;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Optional;

/** The routes by which people answer Belay: approve, veto, snooze, hold. */
final class Answering {
  private static final int WHY_AT_MOST = 500;
  private static final int ACTION_AT_MOST = 64;
  private static final int PLAN_AT_MOST = 64;
  private static final int FOR_AT_MOST = 20;
  private static final Duration SNOOZE = Duration.ofMinutes(30);

  private final Asking asking;
  private final Inbox inbox;
  private final Asker asker;
  private final String version;

  Answering(Asking asking, Inbox inbox, Asker asker, String version) {
    this.asking = asking;
    this.inbox = inbox;
    this.asker = asker;
    this.version = version;
  }

  private record Answered(String said, IncidentView incident) {}

  /**
   * How an incident stands.
   *
   * @param stopped what a person may object to though it is not under way
   */
  private record Standing(
      Incident incident, Optional<Run> run, Optional<ActionId> stopped, IncidentView view) {}

  void mount(Mounting api) {
    api.change(HttpMethod.POST, "/api/v1/incidents/:id/approve", ctx -> answer(ctx, Say.APPROVE));
    api.change(HttpMethod.POST, "/api/v1/incidents/:id/veto", ctx -> answer(ctx, Say.VETO));
    api.change(HttpMethod.POST, "/api/v1/incidents/:id/snooze", this::snooze);
    api.change(HttpMethod.POST, "/api/v1/incidents/:id/acknowledge", this::acknowledge);
    api.get("/api/v1/hold", this::status);
    api.change(HttpMethod.POST, "/api/v1/hold", this::hold);
    api.change(HttpMethod.DELETE, "/api/v1/hold", this::release);
  }

  private static final String NAMELESS =
      "Say what you approve, so that nothing else is done in your name: \"action\" and \"plan\", as"
          + " the incident's run has its action and its plan's digest; belay approve does so.";

  private static final String INSTEAD =
      " To keep Belay from beginning anything, snooze the incident or put everything on hold.";

  /** What a person can say to a run. */
  private enum Say {
    APPROVE("approve", "approved", "approved it."),
    VETO("veto", "vetoed", "objected; it is not done.");

    final String word;
    final String past;
    final String said;

    Say(String word, String past, String said) {
      this.word = word;
      this.past = past;
      this.said = said;
    }

    /** An objection is good whatever the plan: nothing is done, which harms nobody. */
    Event event(String incident, ActionId action, Optional<String> plan, String person) {
      return switch (this) {
        case APPROVE -> new Event.Approved(incident, action, plan, person);
        case VETO -> new Event.Vetoed(incident, action, person);
      };
    }
  }

  private Future<Answer> answer(RoutingContext ctx, Say say) {
    String id = Params.path(ctx, "id");
    JsonObject body = Bodies.of(ctx);
    String person = asker.name(ctx, body);
    String meant = Bodies.text(body, "action", ACTION_AT_MOST);
    Optional<String> plan =
        Optional.of(Bodies.text(body, "plan", PLAN_AT_MOST)).filter(seen -> !seen.isEmpty());
    return standing(ctx, id)
        .compose(
            before -> {
              Optional<ActionId> other = notUnderWay(before, say, meant);
              if (other.isPresent()) {
                return object(ctx, before, other.get(), person);
              }
              Run run = answerable(before, say);
              if (say == Say.APPROVE && (meant.isEmpty() || plan.isEmpty())) {
                throw new Refusal(400, NAMELESS);
              }
              ActionId action = meant.isEmpty() ? run.action() : new ActionId(meant);
              Instant from = asking.now();
              return offer(ctx, say.event(id, action, plan, person))
                  .compose(_ -> standing(ctx, id))
                  .map(after -> samePlan(say, plan, after))
                  .compose(
                      after ->
                          asking
                              .state(
                                  ctx, state -> ended(state, before.incident(), say, person, from))
                              .map(ended -> answered(run, action, after, say, person, ended)));
            });
  }

  /**
   * What is objected to where that is not what is under way: it may yet begin, which the engine
   * knows. Empty where there is no such thing.
   */
  private static Optional<ActionId> notUnderWay(Standing standing, Say say, String meant) {
    Optional<ActionId> action =
        meant.isEmpty() ? standing.stopped() : Optional.of(new ActionId(meant));
    return action
        .filter(_ -> say == Say.VETO && standing.incident().open())
        .filter(named -> standing.run().filter(run -> run.action().equals(named)).isEmpty());
  }

  /** Objects to what is not under way, and judges by what was noted of it. */
  private Future<Answer> object(
      RoutingContext ctx, Standing before, ActionId action, String person) {
    Instant from = asking.now();
    String id = before.incident().id();
    return offer(ctx, new Event.Vetoed(id, action, person))
        .compose(_ -> asking.state(ctx, state -> late(state, id, action, person, from)))
        .compose(
            late -> {
              if (late) {
                throw new Refusal(409, notAsked(before, action));
              }
              return standing(ctx, id);
            })
        .map(after -> Answer.ok(new Answered(person + " " + Say.VETO.said, after.view())));
  }

  /** Whether it was noted that this person's answer to the action came too late. */
  private static boolean late(
      State state, String incident, ActionId action, String person, Instant from) {
    return state
        .noted(incident, person, from)
        .filter(noted -> noted.reason() == Reason.ANSWER_TOO_LATE)
        .flatMap(noted -> noted.evidence().stream())
        .anyMatch(piece -> piece.value().equals(action.value()));
  }

  private static String notAsked(Standing standing, ActionId action) {
    return "Action "
        + action
        + standing
            .run()
            .map(run -> " does not ask now; " + run.action() + " does.")
            .orElse(" is not under way and would not begin again; nothing was vetoed.");
  }

  private Future<Standing> standing(RoutingContext ctx, String id) {
    Instant now = asking.now();
    return asking
        .state(ctx, state -> standing(state, id, now))
        .map(found -> found.orElseThrow(() -> Reads.unknown(id)));
  }

  private static Optional<Standing> standing(State state, String id, Instant now) {
    return state
        .incident(id)
        .map(
            incident ->
                new Standing(
                    incident,
                    RunView.underWay(incident, state),
                    state.stopped(incident),
                    IncidentView.of(incident, state, now)));
  }

  /** The run that is answered; refuses what would be without effect, and says why. */
  private static Run answerable(Standing standing, Say say) {
    requireOpen(standing, "there is nothing to " + say.word);
    Run run =
        standing
            .run()
            .orElseThrow(
                () ->
                    new Refusal(
                        409,
                        "Nothing is under way; there is nothing to "
                            + say.word
                            + "."
                            + (say == Say.VETO ? INSTEAD : "")));
    if (!RunView.answers(run.phase()).contains(say.word)) {
      throw new Refusal(409, tooLate(run, say));
    }
    return run;
  }

  private static void requireOpen(Standing standing, String otherwise) {
    if (!standing.incident().open()) {
      throw new Refusal(409, "The incident is over; " + otherwise + ".");
    }
  }

  private static String tooLate(Run run, Say say) {
    boolean early = run.phase() == Run.Phase.OBSERVING;
    return (early ? "It is too early to " : "It is too late to ")
        + say.word
        + ": "
        + RunView.standing(run.phase());
  }

  /** Refuses an approval of a plan that is no longer the one that asks. */
  private static Standing samePlan(Say say, Optional<String> plan, Standing after) {
    Optional<String> asks = after.run().flatMap(Run::plan).map(Plan::digest);
    if (say == Say.APPROVE && plan.isPresent() && asks.isPresent() && !asks.equals(plan)) {
      throw new Refusal(
          409, "Plan " + plan.get() + " does not ask now; " + asks.get() + " does. Look at it.");
    }
    return after;
  }

  private Future<Answer> snooze(RoutingContext ctx) {
    String id = Params.path(ctx, "id");
    JsonObject body = Bodies.of(ctx);
    String person = asker.name(ctx, body);
    Duration length = length(Bodies.text(body, "for", FOR_AT_MOST));
    return standing(ctx, id)
        .compose(
            before -> {
              requireOpen(before, "there is nothing to snooze");
              return offer(ctx, new Event.Snoozed(id, person, length));
            })
        .compose(_ -> standing(ctx, id))
        .map(
            after ->
                Answer.ok(
                    new Answered(
                        person + " has it in hand; nobody is told and nothing is begun.",
                        after.view())));
  }

  private Future<Answer> acknowledge(RoutingContext ctx) {
    String id = Params.path(ctx, "id");
    String person = asker.name(ctx, Bodies.of(ctx));
    return standing(ctx, id)
        .compose(
            before -> {
              requireOpen(before, "nobody is called any more");
              return offer(ctx, new Event.Acknowledged(id, person));
            })
        .compose(_ -> standing(ctx, id))
        .map(after -> Answer.ok(new Answered(person + " is on it.", after.view())));
  }

  private static Duration length(String text) {
    if (text.isEmpty()) {
      return SNOOZE;
    }
    try {
      Duration length = Duration.parse("PT" + text.toUpperCase(Locale.ROOT));
      if (length.compareTo(Duration.ofMinutes(1)) >= 0
          && length.compareTo(Duration.ofDays(1)) <= 0) {
        return length;
      }
    } catch (DateTimeParseException e) {
      // Falls through to the one refusal below.
    }
    throw new Refusal(400, "for must be a time from 1m to 24h, such as 30m.");
  }

  /** What became of an answer where what it was about has ended since; for people. */
  private static String ended(
      State state, Incident incident, Say say, String person, Instant from) {
    boolean approved =
        say == Say.APPROVE
            && state.decisions().stream()
                .filter(decided -> decided.subject().equals(incident.id()))
                .filter(decided -> decided.reason() == Reason.APPROVED)
                .filter(decided -> !decided.at().isBefore(from))
                .anyMatch(decided -> decided.evidence().contains(new Evidence("person", person)));
    if (!approved) {
      return "It ended before your answer came; nothing was " + say.past + ".";
    }
    boolean objected = state.service(incident.service()).filter(ServiceState::objected).isPresent();
    return objected
        ? person + " approved it, and somebody objected after that; it is not done."
        : person + " approved it, and it has ended since; the incident says how.";
  }

  private static Answer answered(
      Run before, ActionId action, Standing after, Say say, String person, String ended) {
    if (!before.action().equals(action)) {
      throw new Refusal(
          409, "Action " + action + " does not ask now; " + before.action() + " does.");
    }
    Optional<Run> same = after.run().filter(run -> run.action().equals(action));
    boolean took =
        switch (say) {
          // Where the next step is under way instead, the one in question ended before.
          case VETO -> after.run().filter(run -> isOfSame(before, run)).isEmpty();
          case APPROVE ->
              same.filter(run -> run.phase() != Run.Phase.PROPOSED)
                  .filter(run -> run.phase() != Run.Phase.COUNTDOWN)
                  .isPresent();
        };
    if (!took) {
      throw new Refusal(409, same.map(run -> tooLate(run, say)).orElse(ended));
    }
    return Answer.ok(new Answered(person + " " + say.said, after.view()));
  }

  private static boolean isOfSame(Run one, Run other) {
    return one.incident().equals(other.incident()) && one.remediation().equals(other.remediation());
  }

  private Future<Answer> hold(RoutingContext ctx) {
    JsonObject body = Bodies.of(ctx);
    String why = Bodies.text(body, "why", WHY_AT_MOST);
    if (why.isEmpty()) {
      throw new Refusal(400, "Say why, for those who find everything on hold: {\"why\": \"...\"}.");
    }
    return offer(ctx, new Event.HoldAsked(asker.name(ctx, body), why)).compose(_ -> status(ctx));
  }

  private Future<Answer> release(RoutingContext ctx) {
    return offer(ctx, new Event.HoldEnded(asker.name(ctx, Bodies.of(ctx))))
        .compose(_ -> status(ctx));
  }

  private Future<Answer> status(RoutingContext ctx) {
    return asking.state(ctx, state -> StatusView.of(state, version)).map(Answer::ok);
  }

  private Future<Void> offer(RoutingContext ctx, Event event) {
    return Future.fromCompletionStage(inbox.offer(event), ctx.vertx().getOrCreateContext());
  }
}
