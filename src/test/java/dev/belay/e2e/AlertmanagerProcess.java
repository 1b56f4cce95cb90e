package dev.belay.e2e;

import dev.belay.controlplane.Component;
import dev.belay.controlplane.FreePort;
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
    return start(folder, webhookPort, FreePort.next(), "1m");
  }

  /**
   * The same at a port of one's own.
   *
   * @param repeat how often it says again what still fires
   */
  static AlertmanagerProcess start(Path folder, int webhookPort, int port, String repeat) {
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
              repeat_interval: %s
            receivers:
              - name: belay
                webhook_configs:
                  - url: http://127.0.0.1:%d/webhooks/alertmanager
                    send_resolved: true
            """
                .formatted(repeat, webhookPort));
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
