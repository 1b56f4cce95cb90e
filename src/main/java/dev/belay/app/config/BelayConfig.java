package dev.belay.app.config;

import dev.belay.core.engine.Input;
import dev.belay.core.engine.Listening;
import dev.belay.core.engine.Settings;
import dev.belay.core.incident.Answer;
import dev.belay.core.release.Shipper;
import dev.belay.intake.http.Role;
import dev.belay.intake.http.TrustedProxy;
import dev.belay.intake.kafka.KafkaSettings;
import dev.belay.intake.prometheus.PrometheusSettings;
import dev.belay.intake.slack.Allowed;
import dev.belay.intake.slack.SlackIntake;
import dev.belay.journal.Retention;
import dev.belay.notify.SlackSettings;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The daemon's configuration, as in {@code config/belay.yml}.
 *
 * @param listen where the HTTP server listens
 * @param hosts names, in lower case, under which others ask for Belay, beside this machine's own
 * @param rules the folder of the rule files
 * @param journal the folder of the journal
 * @param retention how much of the past the journal keeps
 * @param intake how alerts and events are taken in
 * @param auth who may send and ask; nobody is asked for anything where it is empty
 * @param signatures the secrets of tools that sign what they send, several while they are rotated
 * @param slack where people are told; empty: on standard output only
 * @param channels where people are told besides
 * @param kafka where release events are read besides; empty: nowhere
 * @param prometheus where signals are measured; empty: nowhere
 * @param cluster the cluster that is watched
 * @param settings the daemon's mode and safety
 * @param shutdownDelay for how long, when it is told to stop, the daemon still takes everything in
 *     while it says that it is not ready
 * @param shutdownGrace how long work in hand may take to end when the daemon is told to stop
 * @param logFormat how log lines look
 */
public record BelayConfig(
    Listen listen,
    Set<String> hosts,
    Path rules,
    Path journal,
    Retention retention,
    Intake intake,
    Auth auth,
    Map<Shipper, List<Secret>> signatures,
    Optional<Slack> slack,
    Channels channels,
    Optional<KafkaSettings> kafka,
    Optional<PrometheusSettings> prometheus,
    Cluster cluster,
    Settings settings,
    Duration shutdownDelay,
    Duration shutdownGrace,
    LogFormat logFormat) {

  /**
   * An address to listen on.
   *
   * @param host a name or an address, without brackets
   * @param port 0 to 65535; 0 takes any free one
   */
  public record Listen(String host, int port) {
    /** Where no configuration says. */
    public static final Listen DEFAULT = new Listen("127.0.0.1", 9096);

    /** Whether only this machine can reach it. */
    public boolean isLocal() {
      return host.equals("localhost") || host.equals("::1") || host.startsWith("127.");
    }

    @Override
    public String toString() {
      return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
  }

  /**
   * How alerts and events are taken in.
   *
   * @param bodyLimitBytes the largest body of a request
   * @param webhookStaleAfter after how long without news an alert of a webhook counts as over,
   *     which should be longer than Alertmanager's {@code repeat_interval}
   * @param alertResolveTimeout after how long an alert without an end that was pushed counts as
   *     over, as Alertmanager's {@code resolve_timeout}
   */
  public record Intake(
      int bodyLimitBytes, Duration webhookStaleAfter, Duration alertResolveTimeout) {
    /** Where no configuration says. */
    public static final Intake DEFAULT =
        new Intake(4 * 1024 * 1024, Duration.ofHours(6), Duration.ofMinutes(5));
  }

  /** Who may send and ask, and how far: any of these suffices. */
  public record Auth(List<Token> bearerTokens, List<Basic> basic, Optional<TrustedProxy> proxy) {
    /** Nobody is asked. */
    public static final Auth NONE = new Auth(List.of(), List.of(), Optional.empty());

    /** A token, and what it is good for. */
    public record Token(Secret secret, Role role) {}

    /** A name and a password, and what they are good for. */
    public record Basic(String username, Secret password, Role role) {}

    /** Whether anybody may send and ask. */
    public boolean isOpen() {
      return bearerTokens.isEmpty() && basic.isEmpty() && proxy.isEmpty();
    }
  }

  /**
   * Where people are told.
   *
   * @param channel a channel's id or name
   * @param apiUrl another address of Slack's API, for tests and proxies
   * @param appToken with which Belay opens the connection over which people answer
   * @param signingSecrets with which Slack signs what it sends itself, several while they are
   *     rotated
   * @param allowed who may answer what
   */
  public record Slack(
      Secret token,
      String channel,
      Optional<String> apiUrl,
      Optional<Secret> appToken,
      List<Secret> signingSecrets,
      Map<Answer, Allowed> allowed) {
    /** Where Slack's API is. */
    public URI api() {
      return apiUrl
          .map(url -> URI.create(url.endsWith("/") ? url : url + "/"))
          .orElse(SlackSettings.SLACK);
    }

    /** How people answer, where there is a way in. */
    public Optional<SlackIntake> intake() {
      return appToken.isEmpty() && signingSecrets.isEmpty()
          ? Optional.empty()
          : Optional.of(
              new SlackIntake(
                  api(),
                  appToken.map(Secret::reveal),
                  signingSecrets.stream().map(Secret::reveal).toList(),
                  allowed));
    }

    /** What can be answered by a button: what somebody may, where there is a way in. */
    public Set<Answer> buttons() {
      return intake().isEmpty()
          ? Set.of()
          : allowed.entrySet().stream()
              .filter(each -> !each.getValue().nobody())
              .map(Map.Entry::getKey)
              .collect(Collectors.toUnmodifiableSet());
    }
  }

  /**
   * The cluster that is watched.
   *
   * @param enabled false leaves the cluster alone: alerts are taken in, nothing can be done
   * @param kubeconfig a file; empty: as kubectl and pods find it
   * @param context a context of that file; empty: its current one
   * @param poll how often workloads are looked at when the watch is silent
   */
  public record Cluster(
      boolean enabled, Optional<Path> kubeconfig, Optional<String> context, Duration poll) {
    /** Where no configuration says. */
    public static final Cluster DEFAULT =
        new Cluster(true, Optional.empty(), Optional.empty(), Duration.ofSeconds(15));
  }

  /** How log lines look. */
  public enum LogFormat {
    /** For people. */
    TEXT,
    /** One JSON object a line, for machines. */
    JSON
  }

  /**
   * What a configuration file without a key asks for.
   *
   * @param folder where {@code rules} and {@code journal} lie
   */
  public static BelayConfig defaults(Path folder) {
    return new BelayConfig(
        Listen.DEFAULT,
        Set.of(),
        folder.resolve("rules"),
        folder.resolve("journal"),
        Retention.DEFAULT,
        Intake.DEFAULT,
        Auth.NONE,
        Map.of(),
        Optional.empty(),
        Channels.NONE,
        Optional.empty(),
        Optional.empty(),
        Cluster.DEFAULT,
        Settings.DEFAULT.withListening(
            new Listening(Optional.empty(), Map.of(Input.CLUSTER, Listening.PATIENCE), false)),
        Duration.ZERO,
        Duration.ofSeconds(20),
        LogFormat.TEXT);
  }
}
