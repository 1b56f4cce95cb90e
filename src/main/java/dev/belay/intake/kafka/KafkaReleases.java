package dev.belay.intake.kafka;

import dev.belay.intake.IntakeLimits;
import dev.belay.port.Inbox;
import dev.belay.port.Queries;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads release events from Kafka, on a thread of its own, for as long as the daemon runs. Brokers
 * that are away, topics that are not there and refused logins are said once, asked after again and
 * again, and keep nothing else from working.
 */
public final class KafkaReleases implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(KafkaReleases.class);

  private static final Duration CHECK = Duration.ofSeconds(5);
  private static final Duration LEAST_PAUSE = Duration.ofSeconds(1);
  private static final Duration MOST_PAUSE = Duration.ofSeconds(10);
  private static final Duration ASK = Duration.ofSeconds(5);
  private static final Duration CLOSE = Duration.ofSeconds(12);

  private final KafkaSettings settings;
  private final Inbox inbox;
  private final Queries queries;
  private final InstantSource clock;
  private final RecordReader reader;
  private final KafkaMeters meters;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final Thread thread;
  private Duration pause = LEAST_PAUSE;
  private volatile Optional<String> trouble = Optional.of("the brokers were not asked yet");
  private volatile Optional<String> standstill = Optional.empty();
  private boolean said;

  /** The brokers answered, and all was well, since it was last asked whether they are silent. */
  private final AtomicBoolean answered = new AtomicBoolean();

  /** What ended the last session, until another has lasted for a while. */
  private Optional<String> failure = Optional.empty();

  private KafkaReleases(
      KafkaSettings settings,
      Inbox inbox,
      Queries queries,
      InstantSource clock,
      IntakeLimits limits,
      MeterRegistry registry) {
    this.settings = settings;
    this.inbox = inbox;
    this.queries = queries;
    this.clock = clock;
    this.reader = new RecordReader(limits, clock);
    this.meters = new KafkaMeters(registry);
    this.thread = new Thread(this::run, "belay-kafka");
  }

  /** Begins to read; returns at once, whatever the brokers do. */
  public static KafkaReleases start(
      KafkaSettings settings,
      Inbox inbox,
      Queries queries,
      InstantSource clock,
      IntakeLimits limits,
      MeterRegistry registry) {
    KafkaReleases releases = new KafkaReleases(settings, inbox, queries, clock, limits, registry);
    releases.thread.start();
    return releases;
  }

  /** What is amiss, a sentence with its remedy and without secrets; empty where nothing is. */
  public Optional<String> trouble() {
    return trouble.or(() -> standstill);
  }

  /**
   * Why release events may be missed, or why nothing was heard of the brokers since this was last
   * asked, a sentence; empty where they answered and all is well.
   */
  public Optional<String> silence() {
    boolean heard = answered.getAndSet(false);
    return trouble().or(() -> heard ? Optional.empty() : Optional.of("the brokers give no answer"));
  }

  private boolean stopping() {
    return stop.getCount() == 0;
  }

  private void run() {
    while (!stopping()) {
      try (Topics topics = topics()) {
        attend(topics);
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) {
        failure = Optional.of(Diagnosis.of(e, settings));
        tell(failure);
      }
      rest();
    }
  }

  /** Begins a session whenever there are topics to read, until a stop or a failure. */
  private void attend(Topics topics) throws InterruptedException {
    while (!stopping()) {
      Topics.Seen seen = awaited(topics.look().toCompletableFuture());
      tell(seen.trouble().or(() -> failure));
      Optional<SortedMap<String, Uuid>> ids = seen.ids().filter(found -> !found.isEmpty());
      if (ids.isPresent()) {
        read(topics, ids.get());
      } else {
        rest();
      }
    }
  }

  private void read(Topics topics, SortedMap<String, Uuid> ids) {
    try (Burial burial = new Burial(deadLetters());
        Session session = session(ids, burial.letters())) {
      CompletableFuture<Topics.Seen> asked = new CompletableFuture<>();
      Instant askAt = clock.instant().plus(CHECK);
      boolean same = true;
      while (same && !stopping()) {
        same = session.turn();
        standstill = session.standstill();
        pause = LEAST_PAUSE;
        if (asked.isDone()) {
          Topics.Seen seen = asked.join();
          failure = Optional.empty();
          tell(seen.trouble());
          same = same && seen.ids().filter(now -> !now.equals(ids)).isEmpty();
          asked = new CompletableFuture<>();
          askAt = clock.instant().plus(CHECK);
        } else if (!clock.instant().isBefore(askAt)) {
          askAt = Instant.MAX;
          asked = topics.look().toCompletableFuture();
        }
      }
    }
  }

  /** Closes the topic for dead letters after the session, where there is one. */
  private record Burial(Optional<DeadLetters> letters) implements AutoCloseable {
    @Override
    public void close() {
      letters.ifPresent(DeadLetters::close);
    }
  }

  private Topics topics() {
    return new Topics(Admin.create(ClientProperties.admin(settings)), settings);
  }

  private Session session(SortedMap<String, Uuid> ids, Optional<DeadLetters> deadLetters) {
    return new Session(
        new KafkaConsumer<>(
            ClientProperties.consumer(settings),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer()),
        ids,
        reader,
        deadLetters,
        inbox,
        this::journalled,
        meters,
        clock);
  }

  private Optional<DeadLetters> deadLetters() {
    return settings
        .deadLetters()
        .map(
            topic ->
                new DeadLetters(
                    new KafkaProducer<>(
                        ClientProperties.producer(settings),
                        new ByteArraySerializer(),
                        new ByteArraySerializer()),
                    topic,
                    clock));
  }

  private Map<String, Long> journalled(List<String> inputs) {
    try {
      return queries
          .<Map<String, Long>>ask(
              state -> {
                Map<String, Long> read = new HashMap<>();
                inputs.forEach(input -> read.put(input, state.position(input)));
                return read;
              })
          .toCompletableFuture()
          .get(ASK.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Map.of();
    } catch (ExecutionException | TimeoutException e) {
      return Map.of();
    }
  }

  /** Waits for an answer that comes for certain, or for the stop. */
  private Topics.Seen awaited(CompletableFuture<Topics.Seen> answer) throws InterruptedException {
    while (!stopping()) {
      try {
        return answer.get(100, TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        // The answer is not there yet.
      } catch (ExecutionException e) {
        throw new IllegalStateException(e.getCause());
      }
    }
    return new Topics.Seen(Optional.empty(), trouble);
  }

  private void rest() {
    try {
      var _ = stop.await(pause.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      stop.countDown();
    }
    Duration twice = pause.multipliedBy(2);
    pause = twice.compareTo(MOST_PAUSE) < 0 ? twice : MOST_PAUSE;
  }

  /** Says what changed, once. */
  private void tell(Optional<String> is) {
    if (stopping()) {
      return;
    }
    Optional<String> was = said ? trouble : Optional.empty();
    trouble = is;
    if (is.isEmpty()) {
      answered.set(true);
    }
    meters.connected(is.isEmpty());
    if (is.isPresent() && !is.equals(was)) {
      LOG.atWarn().log("Kafka: {}", is.get());
      said = true;
    } else if (is.isEmpty() && said) {
      LOG.atInfo().log("Kafka: all is well again, and release events are read");
      said = false;
    }
  }

  /** Ends the reading: what the engine has of it is waited for, and offsets are committed. */
  @Override
  public void close() {
    stop.countDown();
    try {
      if (!thread.join(CLOSE)) {
        LOG.atWarn().log("reading Kafka did not end in time; what was not committed comes again");
        thread.interrupt();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
