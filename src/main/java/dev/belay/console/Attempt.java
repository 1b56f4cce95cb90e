package dev.belay.console;

import dev.belay.core.engine.Fact;
import dev.belay.core.remediation.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A change that was set out on, and what became of it.
 *
 * @param outcome empty where a story does not tell it
 * @param again whether the same action was set out on once more before there was one
 */
record Attempt(Fact.ActionIntended intended, Optional<Outcome> outcome, boolean again) {
  /** Those of a story, in its order. */
  static List<Attempt> of(List<Told> facts) {
    List<Attempt> attempts = new ArrayList<>();
    for (Told told : facts) {
      if (told.fact() instanceof Fact.ActionIntended intended) {
        attempts.replaceAll(
            one ->
                one.waits() && one.intended.action().equals(intended.action())
                    ? new Attempt(one.intended, Optional.empty(), true)
                    : one);
        attempts.add(new Attempt(intended, Optional.empty(), false));
      } else if (told.fact() instanceof Fact.ActionEnded ended) {
        attempts.replaceAll(
            one ->
                one.waits() && one.intended.action().equals(ended.action())
                    ? new Attempt(one.intended, Optional.of(ended.outcome()), false)
                    : one);
      }
    }
    return attempts;
  }

  private boolean waits() {
    return outcome.isEmpty() && !again;
  }

  /** Whether it is known to have taken effect. */
  boolean applied() {
    return outcome.filter(Outcome.Applied.class::isInstance).isPresent();
  }

  /** What became of it, for people; may hold foreign text. */
  String words() {
    return outcome
        .map(Attempt::words)
        .orElse(again ? "nothing was changed; it was tried again" : "not known yet");
  }

  private static String words(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Applied(var detail) -> "took effect; " + detail;
      case Outcome.AlreadyDone(var detail) -> "was done already; " + detail;
      case Outcome.Refused(var reason, var detail) ->
          "was refused, nothing was changed; " + reason.sentence() + " " + detail;
      case Outcome.Doubtful(var detail) -> "no clear answer; " + detail;
    };
  }
}
