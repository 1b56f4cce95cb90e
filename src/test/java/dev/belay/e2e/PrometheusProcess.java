package dev.belay.e2e;

import dev.belay.controlplane.Component;
import dev.belay.controlplane.FreePort;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A real Prometheus that scrapes one target and evaluates one rule file, each second. */
final class PrometheusProcess implements AutoCloseable {
  private static final Pattern ALERTMANAGER = Pattern.compile("\"url\":");

  private final Component program;
  private final int port;

  private PrometheusProcess(Component program, int port) {
    this.program = program;
    this.port = port;
  }

  /**
   * Starts it; it has scraped its target and knows its receivers when this returns.
   *
   * @param folder for its configuration, data and log
   * @param target the port that it scrapes
   * @param receivers the ports that it sends alerts to, each as to an Alertmanager
   */
  static PrometheusProcess start(Path folder, int target, List<Integer> receivers, Path rules) {
    int port = FreePort.next();
    Path configuration =
        Programs.write(
            folder,
            "prometheus.yml",
            """
            global: {scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s}
            rule_files: ["%s"]
            alerting:
              alertmanagers: [{static_configs: [{targets: [%s]}]}]
            scrape_configs:
              - job_name: shop
                static_configs: [{targets: ["127.0.0.1:%d"]}]
            """
                .formatted(
                    rules.toAbsolutePath(),
                    receivers.stream()
                        .map(receiver -> "\"127.0.0.1:" + receiver + "\"")
                        .collect(Collectors.joining(", ")),
                    target));
    Component program =
        Component.start(
            folder,
            Programs.PROMETHEUS,
            List.of(
                Programs.path(Programs.PROMETHEUS),
                "--config.file=" + configuration,
                "--storage.tsdb.path=" + folder.resolve("data"),
                "--web.listen-address=127.0.0.1:" + port,
                // An alert that was lost, or resolved, is told again after so long.
                "--rules.alert.resend-delay=5s"));
    Programs.await(program, Programs.PROMETHEUS, () -> atWork(port, receivers.size()));
    return new PrometheusProcess(program, port);
  }

  private static boolean atWork(int port, int receivers) {
    return Http.get(port, "/api/v1/alertmanagers")
            .filter(body -> ALERTMANAGER.matcher(body).results().count() == receivers)
            .isPresent()
        && Http.get(port, "/api/v1/targets")
            .filter(body -> body.contains("\"health\":\"up\""))
            .isPresent();
  }

  int port() {
    return port;
  }

  @Override
  public void close() {
    program.close();
  }
}
