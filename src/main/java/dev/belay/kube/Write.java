package dev.belay.kube;

import dev.belay.core.incident.Reason;
import dev.belay.core.remediation.ActionId;
import dev.belay.core.remediation.Outcome;
import dev.belay.core.remediation.Preflight;
import dev.belay.port.ClusterUnavailable;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;

/** What to make of the answer to a write. The write itself is never repeated. */
final class Write {
  private Write() {}

  /**
   * Judges the answer to the one request that was sent.
   *
   * @param done what to tell people where it took effect
   * @param conflict where a guard or a check refused: finds out which, by a fresh look
   * @param took where the answer does not tell: looks afresh, once, whether it took effect
   */
  static Outcome judge(
      Answer answer,
      ActionId id,
      String done,
      Function<Answer.Of, Outcome> conflict,
      BooleanSupplier took) {
    return switch (answer) {
      case Answer.Of of when of.successful() && new KubeObject(of.body()).carries(id) ->
          new Outcome.Applied(done);
      // A success without our mark is not the API server's answer to our request.
      case Answer.Of of when of.successful() || of.undecided() -> look(of.message(), done, took);
      case Answer.Of of -> refused(of, conflict);
      case Answer.Unsent(String why) ->
          new Outcome.Refused(Reason.CLUSTER_UNAVAILABLE, "no connection was had: " + why);
      case Answer.Lost(String why) -> look(why, done, took);
    };
  }

  private static Outcome refused(Answer.Of answer, Function<Answer.Of, Outcome> conflict) {
    if (answer.code() != 409 && answer.code() != 422) {
      return new Outcome.Refused(reason(answer), answer.message());
    }
    try {
      return conflict.apply(answer);
    } catch (ClusterUnavailable | Forbidden e) {
      return new Outcome.Refused(
          Reason.SUPERSEDED, answer.message() + "; what changed could not be read");
    }
  }

  static Outcome look(String why, String done, BooleanSupplier took) {
    try {
      return took.getAsBoolean()
          ? new Outcome.Applied(done + "; the answer was lost (" + why + "), the cluster shows it")
          : new Outcome.Doubtful(why + "; the cluster does not show it, or not yet");
    } catch (ClusterUnavailable | Forbidden e) {
      return new Outcome.Doubtful(why + "; and a look at the cluster failed: " + e.getMessage());
    }
  }

  /**
   * Judges the answer to a dry run.
   *
   * @param changed asked on a refusal: whether the object is no longer as it was read just before
   * @return why it would not go through; empty where it would
   * @throws ClusterUnavailable where that cannot be told
   */
  static Optional<Preflight> dryRun(Answer answer, Supplier<Boolean> changed) {
    return switch (answer) {
      case Answer.Of of when of.successful() -> Optional.empty();
      case Answer.Of of when of.undecided() ->
          throw new ClusterUnavailable("the dry run was not answered: " + of.message());
      case Answer.Of of when (of.code() == 409 || of.code() == 422) && changed.get() ->
          Optional.of(
              new Preflight.Refused(
                  Reason.SUPERSEDED, "it changed during the preflight; " + of.message()));
      case Answer.Of of ->
          Optional.of(new Preflight.Refused(reason(of), "dry run: " + of.message()));
      case Answer.Unsent(String why) ->
          throw new ClusterUnavailable("the dry run was not sent: " + why);
      case Answer.Lost(String why) ->
          throw new ClusterUnavailable("the dry run was not answered: " + why);
    };
  }

  static Reason reason(Answer.Of answer) {
    return switch (answer.code()) {
      case 401, 403 -> Reason.FORBIDDEN;
      case 404 -> Reason.TARGET_MISSING;
      default -> Reason.CLUSTER_REFUSED;
    };
  }
}
