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
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Probes all services on one event loop, each in its own time: what is slow to answer holds up
 * nobody.
 */
public final class ProbeVerticle extends VerticleBase {
  /**
   * One for each service that may stand behind one address: a service that hangs must not keep its
   * neighbours waiting for a connection.
   */
  private static final int CONNECTIONS_A_HOST = 100_000;

  /** Some of them fit into the time that an input may be silent. */
  public static final Duration SIGNS = Duration.ofSeconds(30);

  private static final int IDLE_SECONDS = 30;
  private static final int CONNECT_MILLIS = 10_000;

  private final Map<String, Visits> visits = new HashMap<>();
  private final Rounds<Patient> rounds = new Rounds<>();
  private final long began = System.nanoTime();
  private OptionalLong timer = OptionalLong.empty();
  private final boolean otherwise;
  private List<Service> services;
  private Optional<Prober> prober = Optional.empty();
  private final Set<String> before;
  private final Duration signs;
  private volatile boolean said;
  private final Inbox inbox;
  private final InstantSource clock;
  private final ProbeMeters meters;

  /**
   * Probes those of the services that ask for it.
   *
   * @param otherwise whether something else measures signals too; see {@link
   *     dev.belay.core.rule.Measuring#probes}
   * @param before the services that could not be asked for long when the daemon ended, by name
   * @param signs how often it is said which cannot
   */
  public ProbeVerticle(
      List<Service> services,
      boolean otherwise,
      Set<String> before,
      Duration signs,
      Inbox inbox,
      InstantSource clock,
      MeterRegistry registry) {
    this.services = services;
    this.otherwise = otherwise;
    this.before = Set.copyOf(before);
    this.signs = signs;
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
                .setConnectTimeout(CONNECT_MILLIS)
                .setKeepAlive(true)
                .setKeepAliveTimeout(IDLE_SECONDS),
            new PoolOptions().setHttp1MaxSize(CONNECTIONS_A_HOST));
    prober = Optional.of(new Prober(vertx, client));
    probe(services);
    vertx.setPeriodic(signs.toMillis(), _ -> say());
    return Future.succeededFuture();
  }

  /** That it is said at all is a sign of life; what could not be taken is said anew next time. */
  private void say() {
    if (said) {
      return;
    }
    said = true;
    List<Unasked.Asked> asked =
        visits.values().stream().flatMap(each -> each.patient().asked().stream()).toList();
    var _ = inbox.offer(Unasked.seen(asked, clock.instant())).whenComplete((_, _) -> said = false);
  }

  /** Probes those of these services that ask for it from now on. Safe on any thread. */
  public void follow(List<Service> all) {
    context.runOnContext(_ -> probe(all));
  }

  /** One that is as before goes on as before. */
  private void probe(List<Service> all) {
    services = all;
    if (prober.isEmpty()) {
      return;
    }
    Set<String> probed = new HashSet<>();
    for (Service service : services) {
      service
          .measuring()
          .probe()
          .ifPresent(
              probe -> {
                Service measured = service.withTriggers(it -> measures(service, it.signal()));
                probed.add(service.name());
                Visits known = visits.get(service.name());
                if (known == null || !known.service().equals(measured)) {
                  LastKnown last = known == null ? first(service) : known.patient().last();
                  end(service.name());
                  visits.put(
                      service.name(),
                      new Visits(measured, begin(measured, probe, last, prober.get())));
                }
              });
    }
    List.copyOf(visits.keySet()).stream().filter(name -> !probed.contains(name)).forEach(this::end);
    await();
  }

  private LastKnown first(Service service) {
    return before.contains(service.name()) ? LastKnown.NEVER : LastKnown.none(clock.instant());
  }

  private void end(String name) {
    Visits ended = visits.remove(name);
    if (ended != null) {
      rounds.remove(ended.patient());
    }
  }

  /** A service that is visited again and again. */
  private record Visits(Service service, Patient patient) {}

  private boolean measures(Service service, Signal signal) {
    return service.measuring().probes(signal, otherwise);
  }

  /** At a time of its own, so that not all services are asked at once. */
  private Patient begin(Service service, Probe probe, LastKnown last, Prober prober) {
    Patient patient = new Patient(service, probe, last, prober, inbox, clock, meters);
    long phase = Math.floorMod(service.name().hashCode(), probe.every().toMillis());
    rounds.add(patient, millis() + phase, patient.every().toMillis());
    return patient;
  }

  private void await() {
    timer.ifPresent(vertx::cancelTimer);
    timer = OptionalLong.empty();
    rounds
        .next()
        .ifPresent(
            next ->
                timer =
                    OptionalLong.of(vertx.setTimer(Math.max(1, next - millis()), _ -> visit())));
  }

  private void visit() {
    rounds.due(millis()).forEach(Patient::visit);
    await();
  }

  private long millis() {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
  }
}
