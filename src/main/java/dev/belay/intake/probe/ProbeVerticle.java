package dev.belay.intake.probe;

import dev.belay.core.rule.Probe;
import dev.belay.core.rule.Service;
import dev.belay.core.rule.Signal;
import dev.belay.port.Inbox;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.PoolOptions;
import java.time.InstantSource;
import java.util.List;

/**
 * Probes all services on one event loop, each in its own time: what is slow to answer holds up
 * nobody.
 */
public final class ProbeVerticle extends VerticleBase {
  private static final int CONNECTIONS_A_HOST = 4;
  private static final int IDLE_SECONDS = 30;

  private final List<Service> services;
  private final boolean otherwise;
  private final Inbox inbox;
  private final InstantSource clock;
  private final ProbeMeters meters;

  /**
   * Probes those of the services that ask for it.
   *
   * @param otherwise whether something else measures signals too; see {@link
   *     dev.belay.core.rule.Measuring#probes}
   */
  public ProbeVerticle(
      List<Service> services,
      boolean otherwise,
      Inbox inbox,
      InstantSource clock,
      MeterRegistry registry) {
    this.services = services;
    this.otherwise = otherwise;
    this.inbox = inbox;
    this.clock = clock;
    this.meters = new ProbeMeters(registry);
  }

  @Override
  public Future<?> start() {
    var client =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setDecompressionSupported(false)
                .setKeepAlive(true)
                .setKeepAliveTimeout(IDLE_SECONDS),
            new PoolOptions().setHttp1MaxSize(CONNECTIONS_A_HOST));
    Prober prober = new Prober(vertx, client);
    for (Service service : services) {
      service
          .measuring()
          .probe()
          .ifPresent(
              probe ->
                  begin(service.withTriggers(it -> measures(service, it.signal())), probe, prober));
    }
    return Future.succeededFuture();
  }

  private boolean measures(Service service, Signal signal) {
    return service.measuring().probes(signal, otherwise);
  }

  /** At a time of its own, so that not all services are asked at once. */
  private void begin(Service service, Probe probe, Prober prober) {
    Patient patient = new Patient(service, probe, prober, inbox, clock, meters);
    long every = probe.every().toMillis();
    long first = 1 + Math.floorMod(service.name().hashCode(), every);
    vertx.setPeriodic(first, every, _ -> patient.visit());
  }
}
