package dev.belay.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.belay.core.engine.Fact;
import dev.belay.core.engine.State;
import dev.belay.core.incident.Reason;
import dev.belay.core.release.Revision;
import dev.belay.core.release.Workload;
import dev.belay.core.rule.Limits;
import dev.belay.core.rule.Service;
import dev.belay.port.ClusterUnavailable;
import dev.belay.port.Journal;
import dev.belay.port.Queries;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BaselineKeeperTest {
  private static final Instant THEN = Instant.parse("2026-11-24T10:00:00Z");
  private static final Workload APP = new Workload("deployment", "shop", "app");
  private static final Duration OFTEN = Duration.ofMillis(5);

  private final BlockingQueue<String> kept = new LinkedBlockingQueue<>();
  private final AtomicInteger rounds = new AtomicInteger();
  private final State state = new State();
  private final Queries queries =
      new Queries() {
        @Override
        public <T> CompletionStage<T> ask(Function<State, T> question) {
          rounds.incrementAndGet();
          return CompletableFuture.completedFuture(question.apply(state));
        }

        @Override
        public void history(Instant from, Instant to, Consumer<Journal.Entry> each) {
          throw new AssertionError("nobody asks for the past");
        }
      };

  private void ran(String digest) {
    Revision revision =
        new Revision("uid-" + digest, 1, digest, List.of(), THEN, 1, Optional.empty());
    state.apply(new Fact.RevisionRan("shop", revision, THEN, Optional.of(THEN)));
  }

  private void judged(String digest, boolean good) {
    state.apply(
        new Fact.RevisionJudged(
            "shop", digest, good, good ? Reason.KNOWN_GOOD : Reason.KNOWN_BAD, THEN));
  }

  private BaselineKeeper keeper(BiPredicate<Workload, String> keep) {
    Service shop =
        new Service(
            "shop",
            Optional.of(APP),
            List.of(),
            List.of(),
            List.of(),
            Limits.DEFAULT,
            Service.DEFAULT_SOAK);
    return new BaselineKeeper(List.of(shop), keep, queries);
  }

  private @Nullable String next() throws InterruptedException {
    return kept.poll(10, TimeUnit.SECONDS);
  }

  /** Two more rounds have begun, so that one was whole. */
  private void awaitRounds() {
    int target = rounds.get() + 2;
    while (rounds.get() < target) {
      Thread.onSpinWait();
    }
  }

  @Test
  void keepsOnceWhatProvedGoodAndNothingElse() throws InterruptedException {
    ran("good");
    judged("good", true);
    ran("bad");
    judged("bad", false);
    ran("unproven");
    try (BaselineKeeper keeper = keeper((_, digest) -> kept.add(digest))) {
      keeper.start(OFTEN);
      assertEquals("good", next());
      awaitRounds();
      assertNull(kept.poll());
    }
  }

  @Test
  void triesAgainWhereTheClusterOrTheDiskFailed() throws InterruptedException {
    ran("good");
    judged("good", true);
    AtomicInteger attempts = new AtomicInteger();
    BiPredicate<Workload, String> keep =
        (_, digest) ->
            switch (attempts.incrementAndGet()) {
              case 1 -> throw new ClusterUnavailable("no answer");
              case 2 -> throw new UncheckedIOException("full", new IOException("no space"));
              case 3 -> throw new IllegalStateException("a bug");
              default -> kept.add(digest);
            };
    try (BaselineKeeper keeper = keeper(keep)) {
      keeper.start(OFTEN);
      assertEquals("good", next());
    }
  }

  @Test
  void asksNoMoreForWhatTheClusterHasForgotten() throws InterruptedException {
    ran("good");
    judged("good", true);
    BiPredicate<Workload, String> keep =
        (_, digest) -> {
          kept.add(digest);
          return false;
        };
    try (BaselineKeeper keeper = keeper(keep)) {
      keeper.start(OFTEN);
      assertEquals("good", next());
      awaitRounds();
      assertNull(kept.poll());
    }
  }
}
