package dev.belay.console;

import dev.belay.core.engine.Fact;
import dev.belay.core.engine.Run;
import dev.belay.core.remediation.Plan;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * One thing that happened, for timelines.
 *
 * @param phase where a remediation moved, to which phase
 * @param plan what exactly is changed, where the change is proposed, announced or made
 * @param outcome of a change that is made, what became of it, for people
 */
record TimelineView(
    Instant at,
    String kind,
    String sentence,
    Optional<ReasonView> reason,
    List<EvidenceView> evidence,
    Optional<String> phase,
    Optional<PlanView> plan,
    Optional<String> outcome) {
  /** All that a story tells, in its order. */
  static List<TimelineView> all(List<Story.Sentence> sentences) {
    Iterator<Attempt> attempts =
        Attempt.of(sentences.stream().map(Story.Sentence::told).toList()).iterator();
    List<TimelineView> timeline = new ArrayList<>();
    for (Story.Sentence sentence : sentences) {
      boolean attempted = sentence.told().fact() instanceof Fact.ActionIntended;
      timeline.add(
          of(sentence, attempted ? Optional.of(attempts.next().words()) : Optional.empty()));
    }
    return timeline;
  }

  private static TimelineView of(Story.Sentence sentence, Optional<String> outcome) {
    Told fact = sentence.told();
    return new TimelineView(
        fact.at(),
        fact.kind(),
        sentence.words(),
        fact.reason().map(ReasonView::of),
        EvidenceView.of(fact.evidence()),
        run(fact).map(run -> run.phase().name().toLowerCase(Locale.ROOT)),
        plan(fact).map(PlanView::of),
        outcome);
  }

  private static Optional<Run> run(Told told) {
    return told.fact() instanceof Fact.RunMoved(_, var run, _)
        ? Optional.of(run)
        : Optional.empty();
  }

  private static Optional<Plan> plan(Told told) {
    return told.fact() instanceof Fact.ActionIntended(_, _, _, var plan, _)
        ? Optional.of(plan)
        : run(told)
            .filter(run -> run.phase() == Run.Phase.PROPOSED || run.phase() == Run.Phase.COUNTDOWN)
            .flatMap(Run::plan);
  }
}
