package dev.belay.core.engine;

import dev.belay.core.alert.Alert;
import dev.belay.core.alert.Door;
import dev.belay.core.alert.Labels;
import dev.belay.core.rule.AlertRule;
import dev.belay.core.rule.RuleSet;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Moves the alerts of rules that Belay evaluates itself, by Prometheus's own machine (its {@code
 * rules/alerting.go}): seen, an alert is pending; seen for the whole of its {@code for}, it fires;
 * not seen, it ends, unless {@code keep_firing_for} keeps it. Unlike there, time in which a rule
 * cannot be evaluated counts for nothing, and so does that an alert is not seen while what it is
 * made of is not scraped: it stays as it is.
 *
 * <p>What fires is an alert like one that was sent, and goes the same way.
 */
final class RuleDecider {
  /** So many alerts of all rules are followed; an evaluation that would lead beyond is unknown. */
  static final int MOST = 10_000;

  /** An alert that was pending is not the same after so long without a look (Prometheus's too). */
  private static final Duration OUTAGE = Duration.ofHours(1);

  /** Prometheus's: so often it repeats itself at least, and so many times that it is valid. */
  private static final Duration RESEND = Duration.ofMinutes(1);

  private static final int VALID_FOR = 4;

  /** After so many intervals without an evaluation, nobody was looking. */
  private static final int GAP = 2;

  private final AlertDecider alerts;
  private final Map<String, AlertRule> rules = new HashMap<>();

  RuleDecider(RuleSet all, AlertDecider alerts) {
    this.alerts = alerts;
    all.alertRules().forEach(rule -> rules.putIfAbsent(rule.id(), rule));
  }

  void accept(Turn turn, Event.RuleEvaluated event) {
    AlertRule rule = rules.get(event.rule());
    RuleState known = turn.state.rule(event.rule());
    boolean late = known.seenAt().filter(event.at()::isBefore).isPresent();
    if (rule == null || late) {
      return;
    }
    event
        .active()
        .flatMap(RuleDecider::byLabels)
        .ifPresentOrElse(
            active -> known(turn, rule, known, event, active),
            () -> blind(turn, event.rule(), known, event.at()));
  }

  /** Two of the same labels are an error in the rule, as with Prometheus. */
  private static Optional<Map<Labels, Candidate>> byLabels(List<Candidate> active) {
    Map<Labels, Candidate> byLabels = new LinkedHashMap<>();
    active.forEach(candidate -> byLabels.put(candidate.labels(), candidate));
    return byLabels.size() == active.size() ? Optional.of(byLabels) : Optional.empty();
  }

  private static void blind(Turn turn, String rule, RuleState known, Instant at) {
    if (!known.standings().isEmpty() && known.blindSince().isEmpty()) {
      turn.record(new Fact.RuleMoved(rule, at, false, List.of(), List.of()));
    }
  }

  private void known(
      Turn turn,
      AlertRule rule,
      RuleState known,
      Event.RuleEvaluated event,
      Map<Labels, Candidate> active) {
    List<Standing> now = next(rule, known, event, active);
    if (turn.state.standings() - known.standings().size() + now.size() > MOST) {
      blind(turn, event.rule(), known, event.at());
      return;
    }
    int limit = rule.group().limit();
    if (limit > 0 && now.size() > limit) {
      // As with Prometheus: all are forgotten, and none is said to be resolved.
      List<Labels> all = known.standings().stream().map(Standing::labels).toList();
      if (!all.isEmpty()) {
        turn.record(new Fact.RuleMoved(event.rule(), event.at(), false, List.of(), all));
      }
      return;
    }
    List<Standing> moved =
        now.stream()
            .filter(it -> known.standing(it.labels()).filter(it::equals).isEmpty())
            .toList();
    Map<Labels, Standing> left = new LinkedHashMap<>();
    now.forEach(it -> left.put(it.labels(), it));
    List<Standing> gone =
        known.standings().stream().filter(it -> !left.containsKey(it.labels())).toList();
    boolean counts = now.stream().anyMatch(Standing::waits) || known.blindSince().isPresent();
    if (counts || !moved.isEmpty() || !gone.isEmpty()) {
      turn.record(
          new Fact.RuleMoved(
              event.rule(), event.at(), true, moved, gone.stream().map(Standing::labels).toList()));
    }
    tell(turn, event, active, now, gone);
  }

  private static List<Standing> next(
      AlertRule rule, RuleState known, Event.RuleEvaluated event, Map<Labels, Candidate> active) {
    Duration dark = dark(known, event);
    List<Standing> next = new ArrayList<>();
    for (Standing was : known.standings()) {
      Standing is = was.without(dark, OUTAGE, event.at());
      if (active.containsKey(was.labels())) {
        next.add(is.seen(rule.hold(), event.at()));
      } else if (hidden(was.labels(), event)) {
        next.add(was.without(unseen(known, event), OUTAGE, event.at()));
      } else {
        is.missed(rule.keepFiringFor(), event.at()).ifPresent(next::add);
      }
    }
    active.keySet().stream()
        .filter(labels -> known.standing(labels).isEmpty())
        .map(labels -> Standing.pending(labels, event.at()).seen(rule.hold(), event.at()))
        .forEach(next::add);
    return next;
  }

  /** Whether the alert may be made of what is not scraped: nothing tells the two apart. */
  private static boolean hidden(Labels alert, Event.RuleEvaluated event) {
    return event.unscraped().stream()
        .anyMatch(
            series ->
                series.toMap().entrySet().stream()
                    .allMatch(
                        label ->
                            alert
                                .get(label.getKey())
                                .filter(value -> !value.equals(label.getValue()))
                                .isEmpty()));
  }

  /** For how long until now nothing is known of an alert that was seen the last time. */
  private static Duration unseen(RuleState known, Event.RuleEvaluated event) {
    return known
        .blindSince()
        .or(known::seenAt)
        .map(since -> Duration.between(since, event.at()))
        .filter(Duration::isPositive)
        .orElse(Duration.ZERO);
  }

  /** For how long until now nothing was known of the rule. */
  private static Duration dark(RuleState known, Event.RuleEvaluated event) {
    Duration gap = event.interval().multipliedBy(GAP);
    return known
        .blindSince()
        .or(() -> known.seenAt().filter(seen -> seen.plus(gap).isBefore(event.at())))
        .map(since -> Duration.between(since, event.at()))
        .filter(Duration::isPositive)
        .orElse(Duration.ZERO);
  }

  private void tell(
      Turn turn,
      Event.RuleEvaluated event,
      Map<Labels, Candidate> active,
      List<Standing> now,
      List<Standing> gone) {
    Duration often = event.interval().compareTo(RESEND) > 0 ? event.interval() : RESEND;
    Instant validUntil = event.at().plus(often.multipliedBy(VALID_FOR));
    List<Alert> told = new ArrayList<>();
    for (Standing standing : now) {
      if (!active.containsKey(standing.labels()) && hidden(standing.labels(), event)) {
        // Nobody sees it: it is not repeated, and falls silent in its time.
        continue;
      }
      standing
          .firedAt()
          .ifPresent(
              firedAt ->
                  told.add(
                      new Alert(
                          standing.labels(),
                          Optional.ofNullable(active.get(standing.labels()))
                              .map(Candidate::annotations)
                              .orElseGet(TreeMap::new),
                          true,
                          firedAt,
                          Optional.empty(),
                          validUntil,
                          "")));
    }
    for (Standing standing : gone) {
      standing
          .firedAt()
          .ifPresent(
              firedAt ->
                  told.add(
                      new Alert(
                          standing.labels(),
                          new TreeMap<>(),
                          false,
                          firedAt,
                          Optional.of(event.at()),
                          event.at(),
                          "")));
    }
    if (!told.isEmpty()) {
      alerts.accept(turn, new Event.AlertsReceived(Door.RULES, told, 0));
    }
  }

  /**
   * The daemon started: of the time since a rule was last evaluated nothing is known. What the
   * rules no longer know is forgotten; what fired by it falls silent.
   */
  void resume(Turn turn) {
    for (String rule : turn.state.rules()) {
      RuleState known = turn.state.rule(rule);
      if (!rules.containsKey(rule)) {
        List<Labels> all = known.standings().stream().map(Standing::labels).toList();
        turn.record(new Fact.RuleMoved(rule, turn.now, false, List.of(), all));
      } else {
        blind(turn, rule, known, known.seenAt().orElse(turn.now));
      }
    }
  }
}
