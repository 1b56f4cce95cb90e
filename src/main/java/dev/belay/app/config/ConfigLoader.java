package dev.belay.app.config;

import dev.belay.app.config.BelayConfig.Auth;
import dev.belay.app.config.BelayConfig.Cluster;
import dev.belay.app.config.BelayConfig.Intake;
import dev.belay.app.config.BelayConfig.Listen;
import dev.belay.app.config.BelayConfig.LogFormat;
import dev.belay.core.engine.Escalation;
import dev.belay.core.engine.Input;
import dev.belay.core.engine.Listening;
import dev.belay.core.engine.Settings;
import dev.belay.intake.kafka.KafkaSettings;
import dev.belay.intake.prometheus.PrometheusSettings;
import dev.belay.journal.Retention;
import dev.belay.rules.Modes;
import dev.belay.rules.yaml.Durations;
import dev.belay.rules.yaml.Fields;
import dev.belay.rules.yaml.Problems;
import dev.belay.rules.yaml.SourceFile;
import dev.belay.rules.yaml.Yaml;
import dev.belay.rules.yaml.YamlReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads the daemon's configuration file. Unknown keys are errors; all errors come at once. */
public final class ConfigLoader {
  private static final int FILE_BYTES = 256 * 1024;
  private static final int LEAST_BODY_BYTES = 1024;
  private static final int MOST_BODY_BYTES = 16 * 1024 * 1024;
  private static final long LEAST_JOURNAL_BYTES = 64L << 20;
  private static final long MOST_JOURNAL_BYTES = 1024L << 30;

  /** What kube-prometheus calls it. */
  private static final String WATCHDOG = "Watchdog";

  private static final Duration WATCHDOG_MISSING = Duration.ofMinutes(5);

  private static final List<String> KEYS =
      List.of(
          "listen",
          "hosts",
          "rules",
          "journal",
          "retention",
          "mode",
          "intake",
          "auth",
          "webhooks",
          "slack",
          "pagerduty",
          "outgoing_webhook",
          "mail",
          "channels",
          "escalation",
          "kafka",
          "prometheus",
          "cluster",
          "watchdog",
          "safety",
          "shutdown_delay",
          "shutdown_grace",
          "log");
  private static final List<String> SAFETY =
      List.of(
          "storm",
          "actions_per_hour",
          "blind_after",
          "cluster_patience",
          "settle_patience",
          "intent_life",
          "crash_loop");

  private final Path folder;
  private final Problems problems;
  private final Secrets secrets;

  private ConfigLoader(Path folder, Problems problems) {
    this.folder = folder;
    this.problems = problems;
    this.secrets = new Secrets(folder, problems);
  }

  /**
   * Reads a configuration file. Relative paths in it start from its own folder.
   *
   * @param file the file
   * @param environment the environment's variables, for {@code ${NAME}} in values
   */
  public static Configured load(Path file, Map<String, String> environment) {
    Problems problems = new Problems();
    Path folder = Optional.ofNullable(file.getParent()).orElse(Path.of(""));
    Optional<Yaml> document =
        SourceFile.read(file, FILE_BYTES, problems)
            .flatMap(source -> YamlReader.one(source, problems))
            .map(new Expansion(environment, problems)::of);
    BelayConfig config =
        document
            .flatMap(it -> Fields.of(it, "the configuration", problems, KEYS))
            .map(top -> new ConfigLoader(folder, problems).config(top))
            .orElse(BelayConfig.defaults(folder));
    return new Configured(config, problems.all());
  }

  private BelayConfig config(Fields top) {
    BelayConfig defaults = BelayConfig.defaults(folder);
    Listen listen = top.read("listen", Addresses::listen).orElse(defaults.listen());
    Auth auth =
        top.fields("auth", AuthReader.KEYS)
            .map(new AuthReader(problems, secrets)::read)
            .orElse(Auth.NONE);
    if (auth.isOpen() && !listen.isLocal() && !top.has("auth")) {
      problems.warning(
          top.at("listen"),
          "without \"auth\" Belay listens on 127.0.0.1 instead, as whoever reaches it could approve"
              + " actions; add bearer tokens or passwords under \"auth\", or listen on 127.0.0.1");
    }
    Optional<KafkaSettings> kafka =
        top.fields("kafka", KafkaReader.KEYS)
            .flatMap(new KafkaReader(folder, problems, secrets)::read);
    Optional<PrometheusSettings> prometheus =
        top.fields("prometheus", PrometheusReader.KEYS)
            .flatMap(new PrometheusReader(problems, secrets)::read);
    Cluster cluster =
        top.fields("cluster", List.of("enabled", "kubeconfig", "context", "poll"))
            .map(this::cluster)
            .orElse(Cluster.DEFAULT);
    Optional<BelayConfig.Slack> slack =
        top.fields("slack", SlackReader.KEYS).flatMap(new SlackReader(problems, secrets)::read);
    Channels channels = new ChannelsReader(folder, problems, secrets).read(top);
    Escalation escalation =
        new EscalationReader(problems, channels.names(top.has("slack"), kafka)).read(top);
    return new BelayConfig(
        listen,
        hosts(top),
        path(top, "rules").orElse(defaults.rules()),
        path(top, "journal").orElse(defaults.journal()),
        top.fields("retention", List.of("time", "size"))
            .map(ConfigLoader::retention)
            .orElse(Retention.DEFAULT),
        top.fields("intake", List.of("body_limit", "webhook_stale_after", "alert_resolve_timeout"))
            .map(ConfigLoader::intake)
            .orElse(Intake.DEFAULT),
        auth,
        top.fields("webhooks", Secrets.SIGNING).map(secrets::signing).orElse(Map.of()),
        slack,
        channels,
        kafka,
        prometheus,
        cluster,
        settings(top, listening(top, kafka, prometheus, cluster)).withEscalation(escalation),
        top.read("shutdown_delay", Durations::people).orElse(defaults.shutdownDelay()),
        duration(top, "shutdown_grace", defaults.shutdownGrace()),
        top.fields("log", List.of("format"))
            .flatMap(log -> log.read("format", Addresses::logFormat))
            .orElse(LogFormat.TEXT));
  }

  private Set<String> hosts(Fields top) {
    Set<String> hosts = new LinkedHashSet<>();
    for (Yaml item : top.items("hosts")) {
      Fields.read(item, "a host", problems, Addresses::host).ifPresent(hosts::add);
    }
    return Set.copyOf(hosts);
  }

  private static Retention retention(Fields retention) {
    return new Retention(
        retention.read("time", Addresses::retentionTime).orElse(Retention.DEFAULT.time()),
        retention
            .readAny("size", text -> Addresses.bytes(text, LEAST_JOURNAL_BYTES, MOST_JOURNAL_BYTES))
            .orElse(Retention.DEFAULT.bytes()));
  }

  private static Intake intake(Fields intake) {
    return new Intake(
        intake
            .readAny("body_limit", text -> Addresses.bytes(text, LEAST_BODY_BYTES, MOST_BODY_BYTES))
            .map(Long::intValue)
            .orElse(Intake.DEFAULT.bodyLimitBytes()),
        duration(intake, "webhook_stale_after", Intake.DEFAULT.webhookStaleAfter()),
        duration(intake, "alert_resolve_timeout", Intake.DEFAULT.alertResolveTimeout()));
  }

  private Cluster cluster(Fields cluster) {
    boolean enabled = cluster.truth("enabled").orElse(true);
    Optional<Path> kubeconfig = path(cluster, "kubeconfig");
    kubeconfig
        .filter(file -> enabled && !Files.isReadable(file))
        .ifPresent(file -> problems.error(cluster.at("kubeconfig"), Addresses.unreadable(file)));
    return new Cluster(
        enabled,
        kubeconfig,
        cluster.text("context"),
        duration(cluster, "poll", Cluster.DEFAULT.poll()));
  }

  /** Of what is configured, signs of life are expected; of alerts only where people say how. */
  private static Listening listening(
      Fields top,
      Optional<KafkaSettings> kafka,
      Optional<PrometheusSettings> prometheus,
      Cluster cluster) {
    Map<Input, Duration> after = new EnumMap<>(Input.class);
    if (cluster.enabled()) {
      after.put(Input.CLUSTER, Listening.PATIENCE);
    }
    if (kafka.filter(read -> !read.topics().isEmpty()).isPresent()) {
      after.put(Input.KAFKA, Listening.PATIENCE);
    }
    if (prometheus.isPresent()) {
      after.put(Input.PROMETHEUS, Listening.PATIENCE);
      after.put(Input.SCRAPES, Listening.PATIENCE);
    }
    Optional<Fields> watchdog = top.fields("watchdog", List.of("alert", "missing_after"));
    watchdog.ifPresent(
        it -> after.put(Input.ALERTS, duration(it, "missing_after", WATCHDOG_MISSING)));
    return new Listening(
        watchdog.map(it -> it.text("alert").orElse(WATCHDOG)),
        Map.copyOf(after),
        prometheus.flatMap(PrometheusSettings::evaluation).isPresent());
  }

  private static Settings settings(Fields top, Listening listening) {
    Settings defaults = Settings.DEFAULT;
    var mode = top.read("mode", Modes::parse).orElse(defaults.mode());
    Optional<Fields> safety = top.fields("safety", SAFETY);
    Optional<Fields> storm =
        safety.flatMap(it -> it.fields("storm", List.of("services", "within")));
    Optional<Fields> crashes =
        safety.flatMap(it -> it.fields("crash_loop", List.of("starts", "within")));
    Settings.CrashLoop usual = defaults.crashLoop();
    return new Settings(
        mode,
        storm.flatMap(it -> it.whole("services", 2, 10_000)).orElse(defaults.stormServices()),
        duration(storm, "within", defaults.stormWindow()),
        safety
            .flatMap(it -> it.whole("actions_per_hour", 1, 1_000))
            .orElse(defaults.actionsPerHour()),
        duration(safety, "blind_after", defaults.blindAfter()),
        duration(safety, "cluster_patience", defaults.clusterPatience()),
        duration(safety, "settle_patience", defaults.settlePatience()),
        duration(safety, "intent_life", defaults.intentLife()),
        defaults.alertRoom(),
        new Settings.CrashLoop(
            crashes.flatMap(it -> it.whole("starts", 1, 1_000_000)).orElse(usual.starts()),
            duration(crashes, "within", usual.within())),
        listening);
  }

  private static Duration duration(Optional<Fields> fields, String key, Duration otherwise) {
    return fields.map(it -> duration(it, key, otherwise)).orElse(otherwise);
  }

  private static Duration duration(Fields fields, String key, Duration otherwise) {
    return fields.read(key, Durations::positive).orElse(otherwise);
  }

  private Optional<Path> path(Fields fields, String key) {
    return fields.read(key, text -> Addresses.path(folder, text));
  }
}
