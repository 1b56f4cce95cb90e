package dev.belay.intake.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.belay.controlplane.Eventually;
import dev.belay.core.engine.Event;
import dev.belay.core.rule.Probe;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PatientTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  private final Vertx vertx = Vertx.vertx();
  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-11-24T03:00:00Z"));
  private final AtomicInteger asked = new AtomicInteger();
  private CompletableFuture<@Nullable Void> taken = CompletableFuture.completedFuture(null);
  private final List<Event.SignalsRead> told = new CopyOnWriteArrayList<>();

  @AfterEach
  void stop() {
    vertx.close().await();
  }

  @Test
  void whoIsAskedRarelyIsToldOfInBetweenForWhatNobodyReadsIsUnknown() {
    Patient patient = patient(Duration.ofMinutes(2));
    assertEquals(Duration.ofSeconds(40), patient.every());
    for (int visit = 1; visit <= 30; visit++) {
      visit(patient);
      int times = visit;
      Eventually.holds("it is told", SOON, () -> told.size() == times);
    }
    assertEquals(10, asked.get());
    assertEquals(
        List.of(Optional.of(1.0), Optional.of(1.0), Optional.of(1.0)),
        told.subList(27, 30).stream().map(each -> each.readings().getFirst().value()).toList());
  }

  @Test
  void whoIsAskedOftenIsAskedAtEveryVisit() {
    Patient patient = patient(Duration.ofSeconds(45));
    assertEquals(Duration.ofSeconds(45), patient.every());
    visit(patient);
    Eventually.holds("it is told", SOON, () -> told.size() == 1);
    visit(patient);
    Eventually.holds("it is told", SOON, () -> told.size() == 2);
    assertEquals(2, asked.get());
  }

  @Test
  void whileWhatWasToldIsNotTakenInYetNothingMoreIsTold() {
    taken = new CompletableFuture<>();
    Patient patient = patient(Duration.ofSeconds(45));
    for (int times = 1; times <= 3; times++) {
      visitUntilAsked(patient, times);
    }
    assertEquals(1, told.size());
    taken.complete(null);
    visitUntilAsked(patient, 4);
    Eventually.holds("it is told again", SOON, () -> told.size() > 1);
  }

  /** One whose answer is not in yet is passed by. */
  private void visitUntilAsked(Patient patient, int times) {
    Eventually.holds(
        "it is asked",
        SOON,
        () -> {
          if (asked.get() < times) {
            visit(patient);
          }
          return asked.get() >= times;
        });
  }

  private void visit(Patient patient) {
    Context context = vertx.getOrCreateContext();
    now.updateAndGet(was -> was.plus(patient.every()));
    context.runOnContext(_ -> patient.visit());
  }

  /** One that answers with errors. */
  private Patient patient(Duration every) {
    int port =
        vertx
            .createHttpServer()
            .requestHandler(
                request -> {
                  asked.incrementAndGet();
                  request.response().setStatusCode(503).end();
                })
            .listen(0, "127.0.0.1")
            .await()
            .actualPort();
    Probe probe =
        new Probe(
            "http://127.0.0.1:" + port,
            every,
            Duration.ofSeconds(20),
            every.multipliedBy(10),
            Optional.empty());
    return new Patient(
        ProbeVerticleTest.service("covet", probe),
        probe,
        LastKnown.none(now.get()),
        new Prober(vertx, vertx.createHttpClient()),
        event -> {
          told.add((Event.SignalsRead) event);
          return taken;
        },
        now::get,
        new ProbeMeters(new SimpleMeterRegistry()));
  }
}
