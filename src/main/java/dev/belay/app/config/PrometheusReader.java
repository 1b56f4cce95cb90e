package dev.belay.app.config;

import dev.belay.core.rule.Profile;
import dev.belay.intake.prometheus.PrometheusSettings;
import dev.belay.rules.Signals;
import dev.belay.rules.yaml.Durations;
import dev.belay.rules.yaml.Fields;
import dev.belay.rules.yaml.PerSecond;
import dev.belay.rules.yaml.Problems;
import dev.belay.rules.yaml.Quoted;
import dev.belay.rules.yaml.Unreadable;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads what stands under {@code prometheus}. */
final class PrometheusReader {
  static final List<String> KEYS =
      List.of(
          "url",
          "interval",
          "timeout",
          "window",
          "profile",
          "minimum_traffic",
          "bearer_token",
          "bearer_token_file",
          "username",
          "password",
          "password_file",
          "evaluate_alerts",
          "external_labels");

  private static final Duration LEAST = Duration.ofSeconds(1);

  /** What nobody read for longer than 90 s is unknown; a turn may be missed before that. */
  private static final Duration MOST = Duration.ofSeconds(45);

  private static final Duration LONGEST_WINDOW = Duration.ofHours(1);

  private final Problems problems;
  private final Secrets secrets;

  PrometheusReader(Problems problems, Secrets secrets) {
    this.problems = problems;
    this.secrets = secrets;
  }

  Optional<PrometheusSettings> read(Fields prometheus) {
    prometheus.require("url", "write where it is, such as http://prometheus:9090");
    Optional<URI> url = prometheus.read("url", Addresses::prometheus);
    Optional<String> authorization = authorization(prometheus);
    if (authorization.isPresent()
        && url.filter(it -> "http".equals(it.getScheme()) && !local(it)).isPresent()) {
      problems.warning(
          prometheus.at("url"),
          "whoever listens on the way reads the token or password; use https");
    }
    Duration interval =
        prometheus
            .read("interval", text -> within(text, LEAST, MOST))
            .orElse(PrometheusSettings.INTERVAL);
    Duration timeout =
        prometheus
            .read("timeout", text -> within(text, LEAST, MOST))
            .orElse(PrometheusSettings.TIMEOUT);
    Duration window =
        prometheus
            .read("window", text -> within(text, LEAST, LONGEST_WINDOW))
            .orElse(PrometheusSettings.WINDOW);
    Profile profile = prometheus.read("profile", Signals::profile).orElse(Profile.HTTP);
    double traffic =
        prometheus
            .read("minimum_traffic", PerSecond::of)
            .orElse(PrometheusSettings.MINIMUM_TRAFFIC);
    Optional<Map<String, String>> evaluation = evaluation(prometheus);
    return url.map(
        it ->
            new PrometheusSettings(
                it, interval, timeout, window, profile, traffic, authorization, evaluation));
  }

  private Optional<Map<String, String>> evaluation(Fields prometheus) {
    boolean evaluates = prometheus.truth("evaluate_alerts").orElse(false);
    Map<String, String> external = prometheus.texts("external_labels");
    if (!evaluates && prometheus.has("external_labels")) {
      problems.warning(
          prometheus.at("external_labels"),
          "nothing is labelled so unless Belay evaluates alerts; write evaluate_alerts: true");
    }
    return evaluates ? Optional.of(Map.copyOf(external)) : Optional.empty();
  }

  private static boolean local(URI url) {
    String host = url.getHost();
    return host.equals("localhost") || host.equals("[::1]") || host.startsWith("127.");
  }

  private static Duration within(String text, Duration least, Duration most) throws Unreadable {
    Duration duration = Durations.positive(text);
    if (duration.compareTo(least) < 0 || duration.compareTo(most) > 0) {
      throw new Unreadable(
          Quoted.of(text)
              + " is out of range; write "
              + least.toSeconds()
              + "s to "
              + most.toSeconds()
              + "s");
    }
    return duration;
  }

  private Optional<String> authorization(Fields prometheus) {
    boolean token = prometheus.has("bearer_token") || prometheus.has("bearer_token_file");
    boolean login =
        prometheus.has("username") || prometheus.has("password") || prometheus.has("password_file");
    if (token && login) {
      problems.error(
          prometheus.at("username"), "write either a bearer token, or a name and a password");
      return Optional.empty();
    }
    if (token) {
      return plain(
              prometheus,
              "bearer_token",
              secrets.one(prometheus, "bearer_token", "bearer_token_file"))
          .map(it -> "Bearer " + it);
    }
    return login ? login(prometheus) : Optional.empty();
  }

  private Optional<String> login(Fields prometheus) {
    prometheus.require("username", "write who asks");
    Optional<String> name = prometheus.read("username", Secrets::username);
    Optional<String> password =
        plain(prometheus, "password", secrets.one(prometheus, "password", "password_file"));
    return name.flatMap(it -> password.map(secret -> it + ":" + secret))
        .map(pair -> Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)))
        .map(encoded -> "Basic " + encoded);
  }

  private Optional<String> plain(Fields prometheus, String key, Optional<Secret> secret) {
    boolean bad =
        secret.filter(it -> it.reveal().chars().anyMatch(c -> c < ' ' || c == 0x7f)).isPresent();
    if (bad) {
      problems.error(prometheus.at(key), "it holds a control character; write it on one line");
      return Optional.empty();
    }
    return secret.map(Secret::reveal);
  }
}
