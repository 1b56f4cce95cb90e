package dev.belay.e2e;

import dev.belay.controlplane.Component;
import java.nio.file.Path;
import java.util.List;

/** A real Alertmanager that tells a webhook of everything within a second. */
final class AlertmanagerProcess implements AutoCloseable {
  private final Component program;
  private final int port;

  private AlertmanagerProcess(Component program, int port) {
    this.program = program;
    this.port = port;
  }

  /**
   * Starts it; it is ready when this returns.
   *
   * @param folder for its configuration, data and log
   * @param webhookPort where Belay listens
   */
  static AlertmanagerProcess start(Path folder, int webhookPort) {
    int port = Http.freePort();
    Path configuration =
        Programs.write(
            folder,
            "alertmanager.yml",
            """
            route:
              receiver: belay
              group_by: [alertname, namespace]
              group_wait: 0s
              group_interval: 1s
              repeat_interval: 1m
            receivers:
              - name: belay
                webhook_configs:
                  - url: http://127.0.0.1:%d/webhooks/alertmanager
                    send_resolved: true
            """
                .formatted(webhookPort));
    Component program =
        Component.start(
            folder,
            Programs.ALERTMANAGER,
            List.of(
                Programs.path(Programs.ALERTMANAGER),
                "--config.file=" + configuration,
                "--storage.path=" + folder.resolve("data"),
                "--web.listen-address=127.0.0.1:" + port,
                "--cluster.listen-address="));
    Programs.await(program, Programs.ALERTMANAGER, () -> Http.get(port, "/-/ready").isPresent());
    return new AlertmanagerProcess(program, port);
  }

  int port() {
    return port;
  }

  @Override
  public void close() {
    program.close();
  }
}
