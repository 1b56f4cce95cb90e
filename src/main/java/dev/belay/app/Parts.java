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
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What a {@link Daemon} is made of; {@code run} and {@code sandbox} differ in nothing else.
 *
 * @param version Belay's version
 * @param rules what people wrote, checked
 * @param digest what tells these rules from others, for people
 * @param settings the daemon's mode and safety
 * @param journal where facts are kept; the daemon closes it
 * @param host where to listen
 * @param port where to listen; 0 takes any free one
 * @param authentication who may send and ask
 * @param limits how much a sender may send
 * @param kafka where release events are read besides
 * @param prometheus by which triggers are measured, where they are
 * @param cluster what is acted on
 * @param baselines where the cluster's adapter keeps what can be returned to
 * @param signals where triggers are measured besides, in a world that needs no Prometheus
 * @param notifiers who tells people
 * @param slack how people answer in Slack, where they do
 * @param workloadPause how often workloads are looked at
 * @param signalPause how often signals are read
 * @param clock the time
 * @param pages further pages
 * @param watcher told of what became durable, on the engine's thread: be quick
 * @param reload how what people wrote is read anew, where it can be
 */
public record Parts(
    String version,
    RuleSet rules,
    String digest,
    Settings settings,
    Journal journal,
    String host,
    int port,
    Authentication authentication,
    IntakeLimits limits,
    Optional<KafkaSettings> kafka,
    Optional<PrometheusSettings> prometheus,
    Cluster cluster,
    Baselines baselines,
    Optional<SignalSource> signals,
    List<Notifier> notifiers,
    Optional<SlackIntake> slack,
    Duration workloadPause,
    Duration signalPause,
    InstantSource clock,
    List<Page> pages,
    Consumer<List<Journal.Entry>> watcher,
    Optional<Reload> reload) {
  /** The same with these pages, and this watcher. */
  public Parts with(List<Page> others, Consumer<List<Journal.Entry>> another) {
    return with(rules, others, another);
  }

  /** The same with other rules. */
  Parts with(RuleSet others) {
    return with(others, pages, watcher);
  }

  private Parts with(
      RuleSet otherRules, List<Page> otherPages, Consumer<List<Journal.Entry>> otherWatcher) {
    return new Parts(
        version,
        otherRules,
        digest,
        settings,
        journal,
        host,
        port,
        authentication,
        limits,
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
        otherPages,
        otherWatcher,
        reload);
  }
}
