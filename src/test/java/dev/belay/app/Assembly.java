package dev.belay.app;

import dev.belay.core.engine.Settings;
import dev.belay.core.rule.RuleSet;
import dev.belay.intake.IntakeLimits;
import dev.belay.intake.http.Authentication;
import dev.belay.intake.kafka.KafkaSettings;
import dev.belay.intake.prometheus.PrometheusSettings;
import dev.belay.intake.slack.SlackIntake;
import dev.belay.port.Baselines;
import dev.belay.port.Cluster;
import dev.belay.port.Journal;
import dev.belay.port.Notifier;
import dev.belay.port.SignalSource;
import dev.belay.sandbox.MemoryBaselines;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What a daemon within a test's own process is made of: no cluster, nobody told, nobody asked for a
 * name, at any free port; and whatever else the test says.
 */
public final class Assembly {
  /** What was written is what is in force. */
  private static final Reload RELOAD =
      new Reload() {
        @Override
        public List<String> reload(String person) {
          return List.of();
        }

        @Override
        public Instant lastSuccess() {
          return Instant.EPOCH;
        }

        @Override
        public Optional<String> trouble() {
          return Optional.empty();
        }
      };

  private final RuleSet rules;
  private final Journal journal;
  private Settings settings = Settings.DEFAULT;
  private int port;
  private Authentication authentication = Authentication.none();
  private Optional<KafkaSettings> kafka = Optional.empty();
  private Optional<SlackIntake> slack = Optional.empty();
  private Optional<PrometheusSettings> prometheus = Optional.empty();
  private Cluster cluster = new NoCluster();
  private Baselines baselines = new MemoryBaselines();
  private Optional<SignalSource> signals = Optional.empty();
  private List<Notifier> notifiers = List.of();
  private Duration workloadPause = Duration.ofMinutes(1);
  private Duration signalPause = Duration.ofMinutes(1);
  private InstantSource clock = InstantSource.system();
  private List<Page> pages = List.of();
  private Consumer<List<Journal.Entry>> watcher = _ -> {};

  private Assembly(RuleSet rules, Journal journal) {
    this.rules = rules;
    this.journal = journal;
  }

  public static Assembly of(RuleSet rules, Journal journal) {
    return new Assembly(rules, journal);
  }

  public Assembly settings(Settings other) {
    settings = other;
    return this;
  }

  public Assembly port(int other) {
    port = other;
    return this;
  }

  public Assembly authentication(Authentication other) {
    authentication = other;
    return this;
  }

  public Assembly kafka(Optional<KafkaSettings> other) {
    kafka = other;
    return this;
  }

  public Assembly prometheus(PrometheusSettings other) {
    prometheus = Optional.of(other);
    return this;
  }

  public Assembly cluster(Cluster other) {
    cluster = other;
    return this;
  }

  public Assembly baselines(Baselines other) {
    baselines = other;
    return this;
  }

  public Assembly signals(SignalSource other) {
    signals = Optional.of(other);
    return this;
  }

  public Assembly notifiers(List<Notifier> others) {
    notifiers = others;
    return this;
  }

  public Assembly slack(SlackIntake other) {
    slack = Optional.of(other);
    return this;
  }

  /** How often workloads are looked at, and signals read. */
  public Assembly pauses(Duration workloads, Duration signals) {
    workloadPause = workloads;
    signalPause = signals;
    return this;
  }

  public Assembly clock(InstantSource other) {
    clock = other;
    return this;
  }

  public Assembly page(Page page) {
    pages = List.of(page);
    return this;
  }

  public Assembly watcher(Consumer<List<Journal.Entry>> other) {
    watcher = other;
    return this;
  }

  /** Starts it. */
  public Daemon start() {
    return Daemon.start(
        new Parts(
            "test",
            rules,
            "digest",
            settings,
            journal,
            "127.0.0.1",
            port,
            authentication,
            IntakeLimits.standard(),
            kafka,
            prometheus,
            cluster,
            baselines,
            signals,
            notifiers,
            slack,
            workloadPause,
            signalPause,
            clock,
            pages,
            watcher,
            Optional.of(RELOAD)));
  }
}
