package dev.belay.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.controlplane.Eventually;
import dev.belay.core.access.Access;
import dev.belay.core.access.Lacking;
import dev.belay.core.access.Right;
import dev.belay.core.access.Rights;
import dev.belay.core.access.Verb;
import dev.belay.core.rule.Mode;
import dev.belay.port.Cluster;
import dev.belay.port.ClusterUnavailable;
import dev.belay.rules.RuleLoader;
import dev.belay.sandbox.ControlPlane;
import dev.belay.sandbox.Faults;
import dev.belay.sandbox.ImageBehavior;
import dev.belay.sandbox.MemoryCluster;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class RightsCheckTest {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final List<Right> RIGHTS =
      Rights.asked(RuleLoader.load(Path.of("rules")).rules(), Mode.ACT);
  private static final String SENTENCE =
      "covet: Belay may not patch deployments.apps/covet-app in namespace covet; grant it what"
          + " belay rbac prints";

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private volatile boolean granted;
  private volatile Optional<String> silence = Optional.empty();

  @Test
  void whatIsLackingIsNamedUntilItIsGranted() {
    try (RightsCheck check = new RightsCheck(cluster(), RIGHTS, registry)) {
      check.start(Duration.ofMillis(10));
      Eventually.holds(
          "the right is missed", SOON, () -> check.trouble().equals(Optional.of(SENTENCE)));
      assertEquals(1, registry.get("belay.rights.lacking").gauge().value());
      granted = true;
      Eventually.holds("and no longer", SOON, () -> check.trouble().isEmpty());
    }
  }

  @Test
  void aClusterThatDoesNotAnswerIsAskedAgain() {
    silence = Optional.of("no answer");
    try (RightsCheck check = new RightsCheck(cluster(), RIGHTS, registry)) {
      check.start(Duration.ofMillis(10));
      assertEquals(
          unasked(RIGHTS.stream().flatMap(it -> it.accesses().stream()).distinct().count()),
          check.trouble());
      silence = Optional.empty();
      Eventually.holds(
          "the right is missed", SOON, () -> check.trouble().equals(Optional.of(SENTENCE)));
    }
  }

  @Test
  void moreRightsThanARoundAsksForAreAllAskedForAndUntilThenItIsSaidHowManyAreLeft() {
    AtomicInteger asked = new AtomicInteger();
    Cluster counting =
        cluster(
            new Faults() {
              @Override
              public Optional<String> silence(Read read) {
                return asked.get() < RightsCheck.MOST_QUESTIONS + 100 ? Optional.empty() : silence;
              }

              @Override
              public boolean forbids(Access access) {
                asked.incrementAndGet();
                return !granted && access.name().equals(Optional.of("app-1999"));
              }
            });
    silence = Optional.of("no answer");
    try (RightsCheck check = new RightsCheck(counting, List.of(many()), registry)) {
      check.start(Duration.ofMillis(10));
      Eventually.holds(
          "the rest is left",
          SOON,
          () -> check.trouble().equals(unasked(2_000 - RightsCheck.MOST_QUESTIONS - 100)));
      silence = Optional.empty();
      Eventually.holds(
          "the last of all is missed",
          SOON,
          () -> check.trouble().equals(Optional.of(missing("app-1999"))));
      granted = true;
      Eventually.holds("and no longer", SOON, () -> check.trouble().isEmpty());
    }
  }

  @Test
  void aQuestionThatIsNeverAnsweredKeepsNoOtherFromBeingAsked() {
    Access stubborn = many().accesses().iterator().next();
    Cluster odd =
        answering(
            access -> {
              if (access.equals(stubborn)) {
                throw new ClusterUnavailable("no answer");
              }
              return !access.name().equals(Optional.of("app-0400"));
            });
    try (RightsCheck check = new RightsCheck(odd, List.of(many()), registry)) {
      check.start(Duration.ofMillis(10));
      Eventually.holds(
          "all others are asked",
          SOON,
          () ->
              check
                  .trouble()
                  .equals(Optional.of(missing("app-0400") + ". " + unasked(1).orElseThrow())));
    }
  }

  @Test
  void aClusterThatDoesNotAnswerIsAskedThreeTimesInARound() {
    AtomicInteger asked = new AtomicInteger();
    Cluster silent =
        answering(
            _ -> {
              asked.incrementAndGet();
              throw new ClusterUnavailable("no answer");
            });
    try (RightsCheck check = new RightsCheck(silent, List.of(many()), registry)) {
      check.start(Duration.ofDays(1));
      Eventually.holds("it is asked", SOON, () -> asked.get() == RightsCheck.SILENCES_BORNE);
      assertEquals(unasked(2_000), check.trouble());
    }
    assertEquals(RightsCheck.SILENCES_BORNE, asked.get());
  }

  @Test
  void aRoundAsksForNoMoreThanTheBound() {
    AtomicInteger asked = new AtomicInteger();
    Cluster counting = cluster(counting(asked));
    try (RightsCheck check = new RightsCheck(counting, List.of(many()), registry)) {
      check.start(Duration.ofDays(1));
      Eventually.holds(
          "the first round is over",
          SOON,
          () -> check.trouble().orElse("").endsWith(": " + (2_000 - RightsCheck.MOST_QUESTIONS)));
      assertEquals(RightsCheck.MOST_QUESTIONS, asked.get());
    }
  }

  @Test
  void whoAsksOnceIsToldOfAll() {
    AtomicInteger asked = new AtomicInteger();

    Lacking lacking = RightsCheck.ask(cluster(counting(asked)), List.of(many()));

    assertEquals(2_000, asked.get());
    assertTrue(
        lacking.sentences().getFirst().contains(" and 1996 more; grant it"),
        lacking.sentences()::toString);
  }

  private static Faults counting(AtomicInteger asked) {
    return new Faults() {
      @Override
      public boolean forbids(Access access) {
        asked.incrementAndGet();
        return true;
      }
    };
  }

  /** A cluster that allows what is allowed, or throws. */
  private static Cluster answering(Predicate<Access> allowed) {
    return cluster(
        new Faults() {
          @Override
          public boolean forbids(Access access) {
            return !allowed.test(access);
          }
        });
  }

  private static String missing(String deployment) {
    return "covet: Belay may not patch deployments.apps/"
        + deployment
        + " in namespace covet; grant it what belay rbac prints";
  }

  private static Optional<String> unasked(long count) {
    return Optional.of("rights that the cluster has yet to be asked for: " + count);
  }

  private static Right many() {
    return new Right(
        "apps",
        "deployments",
        IntStream.range(0, 2_000)
            .mapToObj("app-%04d"::formatted)
            .collect(Collectors.toCollection(TreeSet::new)),
        Optional.of("covet"),
        new TreeSet<>(Set.of(Verb.PATCH)),
        new TreeSet<>(Set.of(new Right.Why("covet", "roll back"))));
  }

  private Cluster cluster() {
    return cluster(
        new Faults() {
          @Override
          public Optional<String> silence(Read read) {
            return silence;
          }

          @Override
          public boolean forbids(Access access) {
            return access.verb() == Verb.PATCH
                && access.resource().equals("deployments")
                && !granted;
          }
        });
  }

  private static Cluster cluster(Faults faults) {
    return new MemoryCluster(
        new ControlPlane(InstantSource.system(), ImageBehavior.BY_TAG), faults);
  }
}
