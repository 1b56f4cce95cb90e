package dev.belay.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.console.HealthRoutes.Check;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HealthRoutesTest {
  private volatile Duration sinceProgress = Duration.ofSeconds(1);
  private volatile Optional<String> journal = Optional.empty();
  private volatile Optional<String> slack = Optional.empty();
  private final CountDownLatch released = new CountDownLatch(1);
  private volatile boolean hanging;

  private final Caller caller = new Caller(router -> health(false).mount(router));
  private final Caller stranger = new Caller(router -> health(true).mount(router));

  private HealthRoutes health(boolean reticent) {
    return new HealthRoutes(
        () -> sinceProgress,
        List.of(
            new Check("journal", true, () -> journal),
            new Check("slack", false, () -> slack),
            new Check("rules", true, this::hang)),
        reticent);
  }

  private Optional<String> hang() {
    if (hanging) {
      try {
        released.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    return Optional.empty();
  }

  @AfterEach
  void close() {
    released.countDown();
    caller.close();
    stranger.close();
  }

  @Test
  void isAliveWhileTheEngineMoves() {
    for (String path : List.of("/-/healthy", "/livez")) {
      sinceProgress = Duration.ofSeconds(30);
      assertEquals(200, caller.get(path).statusCode());
      sinceProgress = Duration.ofSeconds(31);
      HttpResponse<String> stuck = caller.get(path);
      assertEquals(503, stuck.statusCode());
      assertTrue(stuck.body().contains("has not moved for 31 s"), stuck.body());
    }
  }

  @Test
  void livenessNeverLooksAtTheChecks() {
    journal = Optional.of("the disk is full");
    assertEquals(200, caller.get("/livez").statusCode());
  }

  @Test
  void isReadyWhenEveryRequiredCheckIs() {
    for (String path : List.of("/-/ready", "/readyz")) {
      assertEquals("ready\n", caller.get(path).body());
    }
    assertEquals(
        "[+]journal ok\n[+]slack ok\n[+]rules ok\nready\n", caller.get("/readyz?verbose").body());
  }

  @Test
  void saysWhichRequiredCheckFails() {
    journal = Optional.of("the disk is full;\nfree some space");
    HttpResponse<String> response = caller.get("/readyz");
    assertEquals(503, response.statusCode());
    assertEquals(
        "[-]journal: the disk is full;\\u000afree some space\nnot ready\n", response.body());
  }

  @Test
  void isReadyAndDegradedWhenAnotherCheckFails() {
    slack = Optional.of("it answers 500");
    HttpResponse<String> response = caller.get("/readyz");
    assertEquals(200, response.statusCode());
    assertEquals("[+]slack degraded: it answers 500\nready\n", response.body());
  }

  @Test
  void strangersAreToldWhichCheckFailsAndWhereItIsSaidWhy() {
    for (String path : List.of("/-/ready", "/readyz")) {
      journal = Optional.empty();
      slack = Optional.empty();
      assertEquals("ready\n", stranger.get(path).body());
      slack = Optional.of("the service covet has no channel");
      HttpResponse<String> degraded = stranger.get(path);
      assertEquals(200, degraded.statusCode());
      assertEquals(
          "[+]slack degraded\nGET /api/v1/health, with credentials, says why\nready\n",
          degraded.body());
      journal = Optional.of("the disk of covet is full");
      HttpResponse<String> failed = stranger.get(path + "?verbose");
      assertEquals(503, failed.statusCode());
      assertEquals(
          """
          [-]journal failed
          [+]slack degraded
          [+]rules ok
          GET /api/v1/health, with credentials, says why
          not ready
          """,
          failed.body());
      assertEquals(
          "[+]slack degraded\nGET /api/v1/health, with credentials, says why\nready\n",
          stranger.get(path + "?exclude=journal").body());
    }
  }

  @Test
  void leavesOutExcludedChecks() {
    journal = Optional.of("the disk is full");
    assertEquals(200, caller.get("/readyz?exclude=journal").statusCode());
    HttpResponse<String> odd = caller.get("/readyz?exclude=odd");
    assertEquals(503, odd.statusCode());
    assertTrue(odd.body().contains("there is no check odd"), odd.body());
  }

  @Test
  void isNotReadyWhereACheckHangs() {
    hanging = true;
    HttpResponse<String> response = caller.get("/readyz");
    assertEquals(503, response.statusCode());
    assertTrue(response.body().contains("gave no answer"), response.body());
  }

  @Test
  void answersHeadAndRefusesOtherMethods() {
    journal = Optional.of("the disk is full");
    HttpResponse<String> head = caller.call("HEAD", "/readyz", "");
    assertEquals(503, head.statusCode());
    assertEquals("", head.body());
    assertEquals(405, caller.call("POST", "/livez", "").statusCode());
  }
}
