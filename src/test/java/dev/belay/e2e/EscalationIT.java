package dev.belay.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.belay.controlplane.Eventually;
import dev.belay.controlplane.FreePort;
import dev.belay.notify.FakeReceiver;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A page that nobody answers goes to the lead and then to the manager, each with an address. */
class EscalationIT {
  private static final Duration SOON = Duration.ofSeconds(30);

  @TempDir private Path folder = Path.of("");

  @RegisterExtension final Opened opened = new Opened();

  @Test
  void aPageThatNobodyAnswersGoesToTheLeadAndTheManagerAndNotYetToTheChief() {
    FakeReceiver hooks = opened.keep(new FakeReceiver(_ -> Optional.empty()));
    int port = FreePort.next();
    Programs.write(
        folder.resolve("rules"),
        "shop.yml",
        """
        service: shop
        match: { service: shop }
        remediations:
          - name: call
            when: [ 'alertname="Errors"' ]
            mode: act
            ladder: [ { page: {} } ]
        """);
    Path configuration =
        BelayProcess.configuration(
            folder,
            port,
            """
            mode: act
            cluster: { enabled: false }
            channels:
              lead: { outgoing_webhook: { url: "%s", secrets: [ sixteen-letters-1 ] } }
              manager: { outgoing_webhook: { url: "%s", secrets: [ sixteen-letters-2 ] } }
              chief: { outgoing_webhook: { url: "%s", secrets: [ sixteen-letters-3 ] } }
            escalation:
              - { after: 1s, tell: [ lead ] }
              - { after: 3s, tell: [ manager ] }
              - { after: 1h, tell: [ chief ] }
            """
                .formatted(
                    hooks.address("/lead"), hooks.address("/manager"), hooks.address("/chief")));
    BelayProcess belay = opened.keep(BelayProcess.start(configuration, port));
    try {
      Http.post(
          port, "/api/v2/alerts", "[{\"labels\":{\"alertname\":\"Errors\",\"service\":\"shop\"}}]");
      Eventually.holds("two are told", SOON, () -> told(hooks).size() > 1);
      assertEquals(Set.of("/lead", "/manager"), told(hooks));
    } catch (AssertionError e) {
      throw belay.told(e);
    }
  }

  private static Set<String> told(FakeReceiver hooks) {
    return hooks.got().stream().map(FakeReceiver.Got::path).collect(Collectors.toSet());
  }
}
