package dev.belay.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.core.engine.Fact;
import dev.belay.core.engine.Lease;
import dev.belay.journal.SqliteJournal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills a whole daemon, {@code ./belay run}, under load, again and again, on one journal, while the
 * cluster that it acts on lives on and counts. Another seed: {@code -Dbelay.crash.seed=N}; more
 * kills: {@code -Dbelay.crash.kills=N}.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class DaemonCrashIT {
  private static final int SERVICES = 20;
  private static final long SEED = Long.getLong("belay.crash.seed", 20);
  private static final int KILLS = Integer.getInteger("belay.crash.kills", 50);
  private static final int LIFE_ALERTS = 40;
  private static final int LIFE_MILLIS = 5_000;
  private static final int CALL_MILLIS = 1_000;
  private static final int START_MILLIS = 1_500;
  private static final int CALM_SECONDS = 120;
  private static final Pattern SERVICE = Pattern.compile("service=service-\\d+\\b");

  @TempDir Path folder;

  /** What the journal says. */
  private static final class Told {
    final Set<String> fired = new TreeSet<>();
    final Set<String> ended = new TreeSet<>();
    final Set<String> released = new TreeSet<>();
    final Set<String> intended = new TreeSet<>();
    final Set<String> pending = new TreeSet<>();
    private final List<String> facts = new ArrayList<>();

    Told(Path journal) {
      SqliteJournal.browse(
          journal,
          entry -> {
            entry.facts().forEach(this::add);
            entry.facts().forEach(fact -> facts.add(entry.at() + " " + fact));
          });
    }

    /** The facts of those services that the action is spoken of with. */
    List<String> of(String action) {
      Set<String> services = new TreeSet<>();
      facts.stream()
          .filter(fact -> fact.contains(action))
          .flatMap(fact -> SERVICE.matcher(fact).results())
          .forEach(found -> services.add(found.group()));
      return facts.stream()
          .filter(fact -> services.stream().anyMatch(fact::contains))
          .filter(fact -> !fact.contains(" AlertRenewed["))
          .toList();
    }

    // Facts about anything else are of no interest here.
    private void add(Fact fact) {
      if (fact instanceof Fact.AlertFired(var episode)) {
        episode.labels().get("instance").ifPresent(fired::add);
      } else if (fact instanceof Fact.AlertEnded(var labels, _, _)) {
        labels.get("instance").ifPresent(ended::add);
      } else if (fact instanceof Fact.ReleaseRecorded(_, var release)) {
        released.add(release.id());
      } else if (fact instanceof Fact.ActionIntended(_, _, var action, _, _)) {
        intended.add(action.value());
        pending.add(action.value());
      } else if (fact instanceof Fact.ActionEnded(_, _, var action, _, _)) {
        pending.remove(action.value());
      } else if (fact instanceof Fact.LeaseMoved(_, var lease, _)) {
        if (lease.phase() != Lease.Phase.HOLDING) {
          intended.add(lease.undoAction().value());
          pending.add("undo of " + lease.action());
        }
      } else if (fact instanceof Fact.LeaseEnded(_, var action, _, _, _, _)) {
        pending.remove("undo of " + action);
      }
    }
  }

  @Test
  void forgetsNothingThatItAcknowledgedAndDoesNothingTwiceWheneverItIsKilled() throws Exception {
    Random random = new Random(SEED);
    Path journal = folder.resolve("journal");
    int midCall = 0;
    int starting = 0;
    try (CountingApi api = new CountingApi(SERVICES, SEED);
        AlertLoad load = new AlertLoad(SERVICES)) {
      Path config = configure(api);
      load.start();
      for (int kill = 0; kill < KILLS; kill++) {
        try (Child child = new Child(config)) {
          if (kill > 0 && random.nextInt(4) == 0) {
            var _ = child.port().thenAccept(load::to);
            child.live(random.nextInt(START_MILLIS));
            starting++;
          } else {
            load.to(child.awaitPort());
            load.await(random.nextInt(LIFE_ALERTS), LIFE_MILLIS);
            if (random.nextInt(3) == 0 && api.awaitWrite(CALL_MILLIS)) {
              midCall++;
            }
          }
          child.kill();
        }
        load.to(0);
        check(load, api, new Told(journal), "seed " + SEED + ", kill " + (kill + 1));
      }
      load.stop();
      Told told = calm(config, journal);
      check(load, api, told, "seed " + SEED + ", in the end");
      summary(midCall, starting, load, told, api);
      assertEquals(Set.of(), told.pending, "every action has an outcome");
      try (Stream<Path> left = Files.list(journal.resolve("native"))) {
        assertTrue(left.count() <= 2, "SQLite's library and its lock pile up");
      }
      assertTrue(api.effects().size() > KILLS / 2, "too few effects to prove anything");
      assertTrue(load.fired().size() > 2 * KILLS, "too few alerts to prove anything");
      assertTrue(load.announced().size() > KILLS, "too few releases to prove anything");
    }
  }

  private static void check(AlertLoad load, CountingApi api, Told told, String when) {
    assertEquals(Set.of(), without(load.fired(), told.fired), when + ": alerts are forgotten");
    assertEquals(Set.of(), without(load.resolved(), told.ended), when + ": ends are forgotten");
    assertEquals(
        Set.of(), without(load.announced(), told.released), when + ": releases are forgotten");
    Map<String, Integer> effects = api.effects();
    Map<String, Integer> repeated = new TreeMap<>(effects);
    repeated.values().removeIf(count -> count == 1);
    assertEquals(
        Map.of(),
        repeated,
        () -> when + ": took effect more than once" + story(repeated, api, told));
    assertEquals(Set.of(), without(effects.keySet(), told.intended), when + ": was never intended");
  }

  /** All that was written to, and said of, what those actions touched. */
  private static String story(Map<String, Integer> actions, CountingApi api, Told told) {
    StringBuilder story = new StringBuilder();
    for (String action : actions.keySet()) {
      api.writes(action).forEach(write -> story.append("\n  ").append(write));
      told.of(action).forEach(fact -> story.append("\n  ").append(fact));
    }
    return story.append('\n').toString();
  }

  private static Set<String> without(Set<String> these, Set<String> those) {
    Set<String> left = new TreeSet<>(these);
    left.removeAll(those);
    return left;
  }

  /** Lets a last daemon take up what was under way, and bring it to its end. */
  private static Told calm(Path config, Path journal) throws IOException, InterruptedException {
    try (Child child = new Child(config)) {
      child.awaitPort();
      long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(CALM_SECONDS);
      // Longer than a cycle of acting, waiting and undoing, so that all of it is seen to happen.
      child.live(TimeUnit.SECONDS.toMillis(6));
      Told told = new Told(journal);
      while (!told.pending.isEmpty() && System.nanoTime() < until) {
        child.live(500);
        told = new Told(journal);
      }
      child.kill();
      return new Told(journal);
    }
  }

  // The figures are what this test is for.
  @SuppressWarnings("SystemOut")
  private static void summary(
      int midCall, int starting, AlertLoad load, Told told, CountingApi api) {
    System.out.printf(
        Locale.ROOT,
        "DaemonCrashIT: seed %d, %d kills (%d within a call, %d while it started or soon after),"
            + " %d alerts acknowledged (and %d of their ends), %d releases, %d actions intended,"
            + " %d effects, none twice%n",
        SEED,
        KILLS,
        midCall,
        starting,
        load.fired().size(),
        load.resolved().size(),
        load.announced().size(),
        told.intended.size(),
        api.effects().size());
  }

  private Path configure(CountingApi api) throws IOException {
    OverloadRules.write(
        folder, SERVICES, "shop", "3s", "2s", "limits: { cooldown: 1s, actions_per_hour: 60 }");
    api.kubeconfig(folder.resolve("kubeconfig"));
    return Files.writeString(
        folder.resolve("belay.yml"),
        """
        listen: 127.0.0.1:0
        rules: rules
        journal: journal
        mode: act
        cluster: { kubeconfig: kubeconfig }
        safety:
          storm: { services: 10000, within: 1s }
          actions_per_hour: 1000
          # Being killed again and again is what is tested; it must not be held back for it.
          crash_loop: { starts: 1000000, within: 1s }
        """);
  }
}
