package dev.belay.intake.slack;

import dev.belay.core.engine.Event;
import dev.belay.core.engine.State;
import dev.belay.core.incident.Answer;
import dev.belay.core.remediation.ActionId;
import dev.belay.port.Inbox;
import dev.belay.port.Queries;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes presses of buttons in: whoever may press has answered, as by the HTTP API; whoever may not
 * is told so, and it is noted. Safe for use by many threads.
 */
final class SlackDesk {
  private static final Logger LOG = LoggerFactory.getLogger(SlackDesk.class);
  private static final Duration SNOOZE = Duration.ofMinutes(30);

  private final SlackIntake intake;
  private final Inbox inbox;
  private final Queries queries;
  private final InstantSource clock;
  private final BiConsumer<String, String> replies;
  private final SlackMeters meters;

  /**
   * A desk.
   *
   * @param replies takes an address of Slack's and a sentence for whoever pressed
   */
  SlackDesk(
      SlackIntake intake,
      Inbox inbox,
      Queries queries,
      InstantSource clock,
      BiConsumer<String, String> replies,
      SlackMeters meters) {
    this.intake = intake;
    this.inbox = inbox;
    this.queries = queries;
    this.clock = clock;
    this.replies = replies;
    this.meters = meters;
  }

  /**
   * Takes all of them in.
   *
   * @return completes when what follows from them is durable; fails where one could not be taken
   */
  CompletionStage<@Nullable Void> take(List<Press> presses) {
    List<CompletableFuture<@Nullable Void>> taken = new ArrayList<>();
    for (Press press : presses) {
      taken.add(take(press).toCompletableFuture());
    }
    return CompletableFuture.allOf(taken.toArray(CompletableFuture[]::new))
        .<@Nullable Void>thenApply(_ -> null);
  }

  private CompletionStage<@Nullable Void> take(Press press) {
    Instant from = clock.instant();
    boolean may = intake.allowed(press.answer()).has(press.user());
    Optional<Event> event = may ? answer(press) : Optional.of(forbidden(press));
    if (event.isEmpty()) {
      return CompletableFuture.completedFuture(null);
    }
    return inbox
        .offer(event.get())
        .whenComplete(
            (_, failure) -> {
              if (failure != null) {
                meters.pressed(press.answer(), "failed");
                reply(press, "Belay could not take it just now; press again.");
              } else if (may) {
                meters.pressed(press.answer(), "taken");
                tellIfRefused(press, from);
              } else {
                meters.pressed(press.answer(), "forbidden");
                LOG.atWarn()
                    .addKeyValue("user", press.user())
                    .addKeyValue("incident", press.about().incident())
                    .log("somebody pressed {} in Slack who may not", press.answer().word());
                reply(press, sentence(press));
              }
            });
  }

  /** Empty where the button is not one that asks this. */
  private static Optional<Event> answer(Press press) {
    String incident = press.about().incident();
    return switch (press.answer()) {
      case APPROVE ->
          press
              .about()
              .asked()
              .map(
                  asked ->
                      new Event.Approved(
                          incident,
                          new ActionId(asked.action()),
                          Optional.of(asked.plan()),
                          press.person()));
      case VETO ->
          press
              .about()
              .asked()
              .map(
                  asked ->
                      new Event.Vetoed(incident, new ActionId(asked.action()), press.person()));
      case ACKNOWLEDGE -> Optional.of(new Event.Acknowledged(incident, press.person()));
      case SNOOZE -> Optional.of(new Event.Snoozed(incident, press.person(), SNOOZE));
      case HOLD ->
          Optional.of(new Event.HoldAsked(press.person(), "a button in Slack, at " + incident));
    };
  }

  private static Event forbidden(Press press) {
    return new Event.AnswerForbidden(
        press.about().incident(),
        press.person(),
        press.answer().word(),
        "slack.allow." + press.answer().word() + " does not name " + press.user());
  }

  private static String sentence(Press press) {
    return "You may not "
        + press.answer().word()
        + " here, so nothing was changed. Belay's configuration says who may: slack.allow."
        + press.answer().word()
        + " would have to name "
        + press.user()
        + ".";
  }

  /** The engine notes an answer that changed nothing; who gave it should know. */
  private void tellIfRefused(Press press, Instant from) {
    if (press.responseUrl().isEmpty()) {
      return;
    }
    var _ =
        queries
            .ask(state -> refusal(state, press, from))
            .thenAccept(refusal -> refusal.ifPresent(sentence -> reply(press, sentence)));
  }

  /** Why nothing came of the press. A hold is for everything, whatever its message was about. */
  private static Optional<String> refusal(State state, Press press, Instant from) {
    return state
        .noted(press.about().incident(), press.person(), from)
        .findFirst()
        .map(noted -> noted.reason().sentence())
        .or(() -> forgotten(state, press));
  }

  private static Optional<String> forgotten(State state, Press press) {
    String incident = press.about().incident();
    return press.answer() == Answer.HOLD || state.incident(incident).isPresent()
        ? Optional.empty()
        : Optional.of(
            "Belay remembers no incident " + incident + " any more, so nothing was changed.");
  }

  private void reply(Press press, String sentence) {
    press.responseUrl().ifPresent(url -> replies.accept(url, sentence));
  }
}
