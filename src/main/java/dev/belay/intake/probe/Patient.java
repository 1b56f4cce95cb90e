package dev.belay.intake.probe;

import dev.belay.core.engine.Event;
import dev.belay.core.engine.Reading;
import dev.belay.core.rule.Probe;
import dev.belay.core.rule.Service;
import dev.belay.port.Inbox;
import io.vertx.core.http.RequestOptions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** One service that is probed. Lives on one event loop. */
final class Patient {
  /** What its probes say is passed on no more often, however often it is probed. */
  private static final Duration BREATH = Duration.ofSeconds(1);

  /**
   * A signal that is read more rarely than this, twice over, counts as unread: what is asked more
   * rarely is told of in between.
   */
  private static final Duration RARELY = Duration.ofSeconds(45);

  private final Service service;
  private final Probe probe;
  private final RequestOptions question;
  private final Prober prober;
  private final Inbox inbox;
  private final InstantSource clock;
  private final ProbeMeters meters;
  private final ProbeWindow window;
  private final int turns;
  private LastKnown last;
  private int turn;
  private boolean underWay;
  private volatile boolean offered;
  private Instant said = Instant.MIN;

  /**
   * A service.
   *
   * @param service with those triggers that the probe measures
   * @param last what was known of it before
   */
  Patient(
      Service service,
      Probe probe,
      LastKnown last,
      Prober prober,
      Inbox inbox,
      InstantSource clock,
      ProbeMeters meters) {
    this.service = service;
    this.probe = probe;
    this.last = last;
    this.question = Prober.request(probe);
    this.prober = prober;
    this.inbox = inbox;
    this.clock = clock;
    this.meters = meters;
    this.window = new ProbeWindow(probe.window());
    this.turns = (int) Math.ceilDiv(probe.every().toMillis(), RARELY.toMillis());
  }

  /** How often it wants to be visited. */
  Duration every() {
    return probe.every().dividedBy(turns);
  }

  /** What is known of it. */
  LastKnown last() {
    return last;
  }

  /** What is known of it, where anything is measured by that. */
  Optional<Unasked.Asked> asked() {
    return service.triggers().isEmpty()
        ? Optional.empty()
        : Optional.of(new Unasked.Asked(service.name(), probe, last));
  }

  /**
   * Asks it, where it is due; what the window says is said again in between, for it still holds.
   */
  void visit() {
    boolean due = turn == 0;
    turn = (turn + 1) % turns;
    if (!due) {
      tell(clock.instant());
      return;
    }
    if (underWay) {
      meters.missed();
      return;
    }
    underWay = true;
    prober
        .ask(question, probe)
        .onComplete(
            asked -> {
              underWay = false;
              Result result = asked.result();
              meters.probed(result);
              Instant now = clock.instant();
              last = last.after(now, result);
              window.add(now, result);
              tell(now);
            });
  }

  /** What could not be taken is said anew with the next probe. */
  private void tell(Instant now) {
    if (service.triggers().isEmpty() || offered || now.isBefore(said.plus(BREATH))) {
      return;
    }
    List<Reading> readings =
        service.triggers().stream().map(trigger -> window.reading(trigger, now)).toList();
    said = now;
    offered = true;
    var _ =
        inbox
            .offer(new Event.SignalsRead(service.name(), readings))
            .whenComplete((_, _) -> offered = false);
  }
}
