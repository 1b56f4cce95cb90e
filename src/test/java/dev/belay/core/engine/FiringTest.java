package dev.belay.core.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.belay.core.alert.Door;
import dev.belay.core.alert.Episode;
import dev.belay.core.alert.Labels;
import dev.belay.core.alert.Matcher;
import dev.belay.core.rule.AlertGroup;
import dev.belay.core.rule.AlertRule;
import dev.belay.core.rule.Condition;
import dev.belay.core.rule.RuleSet;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class FiringTest {
  private static final Instant START = Scene.START;

  private static final ServiceIndex RULES =
      new ServiceIndex(
          new RuleSet(
              List.of(),
              List.of(
                  new AlertRule(
                      AlertGroup.named("g"),
                      "A1",
                      "e",
                      Duration.ofSeconds(7),
                      Duration.ZERO,
                      new TreeMap<>(),
                      new TreeMap<>())),
              List.of()));

  private static final Condition.AlertMatches CONDITION =
      new Condition.AlertMatches(List.of(Matcher.equal("alertname", "A2")));

  private static Episode episode(int name, int instance, Instant startsAt) {
    return new Episode(
        Labels.of("alertname", "A" + name, "instance", "i" + instance),
        new TreeMap<>(),
        Episode.Status.FIRING,
        startsAt,
        Optional.empty(),
        START.plusSeconds(1_000),
        Door.WEBHOOK,
        START,
        List.of("shop"),
        Optional.empty());
  }

  private static Instant since(Episode episode) {
    return episode.startsAt().minus(RULES.holdOf(episode.labels().alertName()));
  }

  /** What a look through all of them says. */
  private static String naive(List<Episode> all, Instant then) {
    List<Instant> times = all.stream().map(FiringTest::since).sorted().toList();
    return all.stream().map(Episode::labels).toList()
        + " "
        + all.stream().map(episode -> episode.labels().alertName()).distinct().limit(3).toList()
        + all.stream().map(episode -> episode.labels().alertName()).distinct().count()
        + all.stream().anyMatch(episode -> CONDITION.matches(episode.labels()))
        + times.stream().min(Comparator.naturalOrder())
        + times.stream().filter(then::isAfter).limit(4).toList()
        + times.stream().filter(time -> !time.isBefore(then)).limit(4).toList();
  }

  private static String answers(Firing firing, Instant then) {
    return List.copyOf(firing.labels())
        + " "
        + firing.names(3)
        + firing.nameCount()
        + firing.any(CONDITION)
        + firing.earliest(RULES).map(Trouble.Symptom::since)
        + firing.before(RULES, then, 4).stream().map(Trouble.Symptom::since).toList()
        + firing.from(RULES, then, 4).stream().map(Trouble.Symptom::since).toList();
  }

  @Test
  void answersAsALookThroughAllOfThemWouldWhateverComesAndGoes() {
    for (int seed = 0; seed < 50; seed++) {
      Random dice = new Random(seed);
      Firing firing = new Firing();
      List<Episode> all = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        Instant at = START.plusSeconds(dice.nextInt(20));
        Episode one = episode(dice.nextInt(5), dice.nextInt(4), at);
        int known = all.stream().map(Episode::labels).toList().indexOf(one.labels());
        if (known >= 0 && dice.nextInt(3) > 0) {
          all.remove(known);
          firing.remove(one.labels());
        } else {
          if (known >= 0) {
            all.set(known, one);
          } else {
            all.add(one);
          }
          firing.put(one);
        }
        Instant then = START.plusSeconds(dice.nextInt(20));
        assertEquals(naive(all, then), answers(firing, then));
        Firing rebuilt = new Firing();
        all.forEach(rebuilt::put);
        assertEquals(answers(rebuilt, then), answers(firing, then), "as out of a snapshot");
      }
    }
  }
}
