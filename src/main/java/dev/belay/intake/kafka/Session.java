package dev.belay.intake.kafka;

import dev.belay.core.engine.Event;
import dev.belay.intake.OneLine;
import dev.belay.port.EventFailed;
import dev.belay.port.Inbox;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One consumer's life, on the thread that owns it: reads, has the engine take what was read, and
 * commits what the engine took. {@link #turn} again and again; {@link #close} ends it.
 */
final class Session implements ConsumerRebalanceListener, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Session.class);

  private static final Duration COMMIT = Duration.ofSeconds(5);
  private static final Duration MEASURE = Duration.ofSeconds(2);
  private static final Duration OTHERS = Duration.ofSeconds(15);
  private static final Duration REFUSED_PAUSE = Duration.ofMillis(500);
  private static final Duration BURIED_LOG_PAUSE = Duration.ofMinutes(1);
  private static final Duration PATIENCE = Duration.ofSeconds(3);
  private static final Duration IDLE = Duration.ofMillis(200);
  private static final Duration BUSY = Duration.ofMillis(1);

  /** A lane and the step of it that is under way, if any. */
  private static final class Running {
    final Lane lane;
    Optional<Step> step = Optional.empty();
    CompletableFuture<@Nullable Void> answer = CompletableFuture.completedFuture(null);

    /** After a refusal, when the step is offered again. */
    Optional<Instant> again = Optional.empty();

    Running(Lane lane) {
      this.lane = lane;
    }
  }

  private final Consumer<byte[], byte[]> consumer;
  private final SortedMap<String, Uuid> topics;
  private final RecordReader reader;
  private final Optional<DeadLetters> deadLetters;
  private final Inbox inbox;
  private final Function<List<String>, Map<String, Long>> journalled;
  private final KafkaMeters meters;
  private final InstantSource clock;
  private final Brake brake = new Brake();
  private final Standstill standstill = new Standstill();
  private final GrowingLag growth = new GrowingLag();
  private final ShortLogs shortLogs = new ShortLogs();
  private final OtherReaders others = new OtherReaders();
  private final Map<TopicPartition, Running> lanes = new LinkedHashMap<>();
  private Instant commitAt;
  private Instant measureAt = Instant.MIN;
  private Instant othersAt = Instant.MIN;
  private Instant buriedLogAt = Instant.MIN;

  /**
   * A session that reads these topics; it begins with the first turn.
   *
   * @param topics their ids by their names
   * @param journalled how far the journal says that inputs were read; -1 for those it knows nothing
   *     of
   */
  Session(
      Consumer<byte[], byte[]> consumer,
      SortedMap<String, Uuid> topics,
      RecordReader reader,
      Optional<DeadLetters> deadLetters,
      Inbox inbox,
      Function<List<String>, Map<String, Long>> journalled,
      KafkaMeters meters,
      InstantSource clock) {
    this.consumer = consumer;
    this.topics = topics;
    this.reader = reader;
    this.deadLetters = deadLetters;
    this.inbox = inbox;
    this.journalled = journalled;
    this.meters = meters;
    this.clock = clock;
    commitAt = clock.instant().plus(COMMIT);
    consumer.subscribe(topics.keySet(), this);
  }

  /**
   * Once round: takes what the brokers have, offers what waits, hears what was taken, commits.
   *
   * @return false where a topic turned out to be another than it was, so that the session must end
   * @throws KafkaException where the session cannot go on
   */
  boolean turn() {
    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(patience())) {
      Running running = lanes.get(new TopicPartition(record.topic(), record.partition()));
      if (running != null && !running.lane.add(record)) {
        return false;
      }
    }
    advance();
    applyBrake();
    Instant now = clock.instant();
    if (!now.isBefore(commitAt)) {
      commitAt = now.plus(COMMIT);
      commitSoon();
    }
    if (!now.isBefore(measureAt)) {
      measureAt = now.plus(MEASURE);
      measure();
    }
    if (!now.isBefore(othersAt)) {
      othersAt = now.plus(OTHERS);
      lookForOthers(now);
    }
    return true;
  }

  /** Why what is in the topics does not get in, or late, a sentence; empty where it does. */
  Optional<String> standstill() {
    Instant now = clock.instant();
    return standstill
        .trouble(now)
        .or(growth::trouble)
        .or(shortLogs::trouble)
        .or(() -> others.trouble(now));
  }

  private Duration patience() {
    boolean busy =
        lanes.values().stream()
            .filter(running -> running.again.isEmpty())
            .anyMatch(running -> running.step.isPresent() || running.lane.waiting() > 0);
    return busy ? BUSY : IDLE;
  }

  // ---- steps

  /** Hears what became of the steps under way, and begins the next of each partition. */
  private void advance() {
    for (Running running : lanes.values()) {
      settle(running);
      if (running.step.isEmpty()) {
        begin(running);
      }
    }
  }

  private void begin(Running running) {
    boolean buries = deadLetters.filter(DeadLetters::usable).isPresent();
    Optional<Step> next = running.lane.next(buries);
    next.ifPresent(
        step -> {
          running.step = next;
          send(running, step);
        });
  }

  private void send(Running running, Step step) {
    running.again = Optional.empty();
    running.answer =
        switch (step) {
          case Step.Pass _ -> CompletableFuture.completedFuture(null);
          case Step.Offer offer ->
              inbox
                  .offer(new Event.RecordsRead(running.lane.input(), offer.records()))
                  .toCompletableFuture();
          case Step.Bury bury -> bury(bury);
        };
    settle(running);
  }

  private CompletableFuture<@Nullable Void> bury(Step.Bury step) {
    DeadLetters topic = deadLetters.orElseThrow();
    Instant now = clock.instant();
    if (!now.isBefore(buriedLogAt)) {
      buriedLogAt = now.plus(BURIED_LOG_PAUSE);
      LOG.atWarn()
          .addKeyValue("record", Lane.name(step.record()))
          .log(
              "a record cannot be read and goes to {} (belay.kafka.records counts all of them): {}",
              topic.topic(),
              step.why());
    }
    return topic.bury(step.record(), step.why());
  }

  private void settle(Running running) {
    if (running.step.isEmpty()) {
      return;
    }
    Step step = running.step.get();
    if (running.again.isPresent()) {
      if (!clock.instant().isBefore(running.again.get())) {
        send(running, step);
      }
      return;
    }
    if (!running.answer.isDone()) {
      return;
    }
    if (!running.answer.isCompletedExceptionally()) {
      done(running, step);
      return;
    }
    Throwable failure = Diagnosis.root(running.answer.exceptionNow());
    switch (step) {
      case Step.Offer offer when failure instanceof EventFailed -> failedAt(running, offer);
      case Step.Bury bury -> notBuried(running, bury, failure);
      case Step.Offer _, Step.Pass _ ->
          running.again = Optional.of(clock.instant().plus(REFUSED_PAUSE));
    }
  }

  private void done(Running running, Step step) {
    running.lane.done(step);
    step.fates().forEach(fate -> meters.counted(fate.outcome()));
    running.step = Optional.empty();
  }

  /** One of the step's records meets a bug: the others must not suffer, nor those that follow. */
  private void failedAt(Running running, Step.Offer step) {
    if (step.fates().size() > 1) {
      running.lane.singly(step);
      running.step = Optional.empty();
      return;
    }
    Step.Fate fate = step.fates().getFirst();
    if (fate.outcome() == Result.REJECTED) {
      LOG.atError()
          .addKeyValue("record", Lane.name(fate.record()))
          .log("this is a bug: a record is passed over, and the journal holds no note of it");
      done(running, new Step.Pass(List.of(new Step.Fate(fate.record(), Result.FAILED))));
    } else {
      reject(running, fate.record(), "Belay failed at it, and its log says where");
    }
  }

  private void notBuried(Running running, Step.Bury step, Throwable failure) {
    String topic = deadLetters.map(DeadLetters::topic).orElse("");
    LOG.atWarn()
        .addKeyValue("record", Lane.name(step.record()))
        .log(
            "the topic {} for dead letters took none ({}); the journal keeps a note of what cannot"
                + " be read instead; see that the topic is there, that it may be written to, and"
                + " how large its records may be",
            topic,
            failure.getClass().getSimpleName());
    reject(
        running,
        step.record(),
        OneLine.of(
            step.why()
                + " ("
                + topic
                + " took it not: "
                + failure.getClass().getSimpleName()
                + ")"));
  }

  private void reject(Running running, ConsumerRecord<byte[], byte[]> record, String why) {
    Step step =
        new Step.Offer(
            List.of(new Step.Fate(record, Result.REJECTED)), List.of(Lane.unreadable(record, why)));
    running.step = Optional.of(step);
    send(running, step);
  }

  // ---- back-pressure

  private void applyBrake() {
    int records = 0;
    long bytes = 0;
    boolean refused = false;
    for (Running running : lanes.values()) {
      records += running.lane.waiting();
      bytes += running.lane.bytes();
      refused |= running.again.isPresent();
    }
    boolean was = brake.on();
    boolean is = brake.look(records, bytes, refused);
    if (is && !was) {
      consumer.pause(consumer.assignment());
    } else if (was && !is) {
      consumer.resume(consumer.paused());
    }
    meters.paused(is);
  }

  // ---- offsets

  private Map<TopicPartition, OffsetAndMetadata> committable(Collection<TopicPartition> of) {
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    for (TopicPartition partition : of) {
      Optional.ofNullable(lanes.get(partition))
          .flatMap(running -> running.lane.committable())
          .ifPresent(next -> offsets.put(partition, next));
    }
    return offsets;
  }

  private void commitSoon() {
    Map<TopicPartition, OffsetAndMetadata> offsets = committable(lanes.keySet());
    if (!offsets.isEmpty()) {
      consumer.commitAsync(
          offsets,
          (committed, failure) -> {
            if (failure == null) {
              committed(committed);
            } else {
              commitFailed(failure);
            }
          });
    }
  }

  private void commitNow(Collection<TopicPartition> of) {
    Map<TopicPartition, OffsetAndMetadata> offsets = committable(of);
    if (offsets.isEmpty()) {
      return;
    }
    try {
      consumer.commitSync(offsets, PATIENCE);
      committed(offsets);
    } catch (KafkaException e) {
      commitFailed(e);
    }
  }

  private void committed(Map<TopicPartition, OffsetAndMetadata> offsets) {
    offsets.forEach(
        (partition, next) ->
            Optional.ofNullable(lanes.get(partition))
                .ifPresent(running -> running.lane.committed(next.offset())));
  }

  /** The next one makes it good; what is delivered again until then has no effect. */
  private void commitFailed(Exception failure) {
    meters.commitFailed();
    LOG.atDebug().setCause(failure).log("a commit failed");
  }

  private void measure() {
    Map<TopicPartition, Long> lags = new HashMap<>();
    Map<TopicPartition, Standstill.Progress> progress = new HashMap<>();
    lanes.forEach(
        (partition, running) -> {
          long underWay = running.step.map(step -> (long) step.fates().size()).orElse(0L);
          long here = running.lane.waiting() + underWay;
          long lag = consumer.currentLag(partition).orElse(0) + here;
          lags.put(partition, lag);
          shortLogs.reached(partition, running.lane.next());
          progress.put(partition, new Standstill.Progress(running.lane.next(), lag));
        });
    meters.lags(lags);
    standstill.look(progress, clock.instant());
    growth.look(lags, clock.instant());
    lookAtEnds();
  }

  /** Where it is not known in time the next look says it. */
  private void lookAtEnds() {
    Set<TopicPartition> unseen = shortLogs.unseen();
    if (unseen.isEmpty()) {
      return;
    }
    try {
      shortLogs.look(consumer.endOffsets(unseen, PATIENCE));
    } catch (org.apache.kafka.common.errors.TimeoutException e) {
      LOG.atDebug().setCause(e).log("it is not known yet where partitions end");
    }
  }

  /** What the client knows of its topics by itself; where it does not yet, a later look will do. */
  private void lookForOthers(Instant now) {
    try {
      int all = 0;
      for (String topic : topics.keySet()) {
        all += consumer.partitionsFor(topic, PATIENCE).size();
      }
      others.look(lanes.size(), all, now);
    } catch (KafkaException e) {
      LOG.atDebug().setCause(e).log("it is not known how many partitions there are");
    }
  }

  // ---- rebalances

  @Override
  public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
    if (partitions.isEmpty()) {
      return;
    }
    meters.assigned();
    for (TopicPartition partition : partitions) {
      lanes.put(partition, new Running(new Lane(input(partition), reader)));
    }
    if (brake.on()) {
      consumer.pause(partitions);
    }
    passOverWhatIsJournalled(Set.copyOf(partitions));
  }

  /**
   * The partition's name in positions. Where brokers have no ids for topics all have the same that
   * means none; the name stands for it then, with a sign that no id has.
   */
  private String input(TopicPartition partition) {
    Uuid id = topics.getOrDefault(partition.topic(), Uuid.ZERO_UUID);
    String topic = id.equals(Uuid.ZERO_UUID) ? "name:" + partition.topic() : id.toString();
    return Lane.NAMES + topic + "/" + partition.partition();
  }

  /**
   * The journal may be ahead of what was committed, or know what the group has forgotten. Nothing
   * is lost without this: what is delivered again has no effect, as the core sees to.
   */
  private void passOverWhatIsJournalled(Set<TopicPartition> partitions) {
    try {
      Map<String, Long> read =
          journalled.apply(lanes.values().stream().map(each -> each.lane.input()).toList());
      Map<TopicPartition, Long> following = new HashMap<>();
      for (TopicPartition partition : partitions) {
        Running running = lanes.get(partition);
        long next = running == null ? 0 : read.getOrDefault(running.lane.input(), -1L) + 1;
        if (next > 0) {
          following.put(partition, next);
        }
      }
      following.forEach(shortLogs::begin);
      measureAt = Instant.MIN;
      Map<TopicPartition, OffsetAndMetadata> known = consumer.committed(partitions, PATIENCE);
      partitions.forEach(
          partition ->
              begin(
                  partition,
                  Optional.ofNullable(following.get(partition)),
                  Optional.ofNullable(known.get(partition))));
    } catch (org.apache.kafka.common.errors.TimeoutException e) {
      LOG.atDebug().setCause(e).log("it is not known what was committed; reading begins there");
    }
  }

  /**
   * Begins where the journal stands, unless more is committed. What was committed for a topic of
   * this name that is no more says nothing of this one.
   *
   * @param next the journal's next offset
   */
  private void begin(
      TopicPartition partition, Optional<Long> next, Optional<OffsetAndMetadata> committed) {
    Running running = lanes.get(partition);
    boolean anothers = running != null && committed.filter(running.lane::isAnothers).isPresent();
    if (next.isPresent()) {
      if (anothers || committed.filter(it -> it.offset() >= next.get()).isEmpty()) {
        consumer.seek(partition, next.get());
      }
    } else if (anothers) {
      LOG.atWarn()
          .log(
              "Kafka: {} was made again, and is read from its beginning: what was committed was of"
                  + " the topic before",
              partition);
      consumer.seekToBeginning(Set.of(partition));
    }
  }

  @Override
  public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
    if (partitions.isEmpty()) {
      return;
    }
    meters.revoked();
    lanes.values().forEach(this::settle);
    commitNow(partitions);
    forget(partitions);
  }

  /** Others read them by now: what is not committed is theirs. */
  @Override
  public void onPartitionsLost(Collection<TopicPartition> partitions) {
    if (partitions.isEmpty()) {
      return;
    }
    meters.lost();
    forget(partitions);
  }

  private void forget(Collection<TopicPartition> partitions) {
    partitions.forEach(lanes::remove);
    shortLogs.forget(partitions);
    measureAt = Instant.MIN;
  }

  // ---- the end

  /** Waits a little for what the engine has, commits what it took, and leaves the group. */
  @Override
  public void close() {
    try {
      awaitAnswers();
      commitNow(new HashSet<>(lanes.keySet()));
    } finally {
      lanes.clear();
      meters.lags(Map.of());
      meters.paused(false);
      consumer.close(CloseOptions.timeout(PATIENCE));
    }
  }

  private void awaitAnswers() {
    CompletableFuture<?>[] answers =
        lanes.values().stream()
            .filter(running -> running.again.isEmpty())
            .map(running -> running.answer.exceptionally(_ -> null))
            .toArray(CompletableFuture[]::new);
    try {
      CompletableFuture.allOf(answers).get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      LOG.atDebug().setCause(e).log("not everything that was read is taken; it comes again");
    }
    for (Running running : lanes.values()) {
      if (running.again.isEmpty()
          && running.step.isPresent()
          && running.answer.isDone()
          && !running.answer.isCompletedExceptionally()) {
        done(running, running.step.get());
      }
    }
  }
}
