package dev.belay.intake.kafka;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.controlplane.Eventually;
import dev.belay.controlplane.FreePort;
import dev.belay.core.engine.State;
import dev.belay.intake.IntakeLimits;
import dev.belay.port.Journal;
import dev.belay.port.Queries;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class KafkaReleasesTest {
  private static final Duration SOON = Duration.ofSeconds(30);

  /** There is nothing to ask after. */
  private static final class NoState implements Queries {
    @Override
    public <T> CompletionStage<T> ask(Function<State, T> question) {
      return CompletableFuture.failedFuture(new IllegalStateException("no engine"));
    }

    @Override
    public void history(Instant from, Instant to, Consumer<Journal.Entry> each) {
      throw new AssertionError("nobody asks for the past");
    }
  }

  @Test
  void brokersOfWhichNothingIsHeardAreSilentFromTheBeginning() {
    KafkaSettings away =
        new KafkaSettings(
            List.of("127.0.0.1:" + FreePort.next()),
            List.of(Samples.TOPIC),
            "belay",
            KafkaSettings.Protocol.CLASSIC,
            new KafkaSettings.Start.Earliest(),
            Optional.empty(),
            Optional.empty(),
            new TreeMap<>());
    try (KafkaReleases releases =
        KafkaReleases.start(
            away,
            _ -> CompletableFuture.completedFuture(null),
            new NoState(),
            InstantSource.system(),
            IntakeLimits.standard(),
            new SimpleMeterRegistry())) {
      assertTrue(releases.silence().isPresent(), "not asked is not alive");
      Eventually.holds(
          "it is said why",
          SOON,
          () -> releases.silence().filter(why -> why.contains("no broker answers")).isPresent());
      assertTrue(releases.silence().isPresent(), "it is said each time");
    }
  }
}
