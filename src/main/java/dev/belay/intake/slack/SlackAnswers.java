package dev.belay.intake.slack;

import dev.belay.port.Inbox;
import dev.belay.port.Queries;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.ext.web.Router;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * What people answer in Slack: over Socket Mode where there is an app-level token, by signed
 * requests to {@code /webhooks/slack} where there is a secret, or both.
 */
public final class SlackAnswers implements AutoCloseable {
  /** What is waited after a first failure of Socket Mode. */
  public static final Duration PAUSE = Duration.ofSeconds(1);

  private static final Duration CONNECT = Duration.ofSeconds(10);

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(CONNECT).executor(threads).build();
  private final Optional<SlackSocket> socket;
  private final Optional<SlackDoor> door;

  private SlackAnswers(
      SlackIntake intake,
      Inbox inbox,
      Queries queries,
      InstantSource clock,
      Duration pause,
      MeterRegistry registry) {
    SlackMeters meters = new SlackMeters(registry);
    SlackReplies replies = new SlackReplies(http, intake.api());
    SlackDesk desk = new SlackDesk(intake, inbox, queries, clock, replies::say, meters);
    this.socket =
        intake
            .appToken()
            .map(
                token ->
                    new SlackSocket(
                        http,
                        intake.api(),
                        token,
                        payload -> desk.take(Payload.presses(payload)),
                        clock,
                        pause));
    socket.ifPresent(open -> meters.connection(open::connected));
    List<String> secrets = intake.signingSecrets();
    this.door =
        secrets.isEmpty()
            ? Optional.empty()
            : Optional.of(new SlackDoor(new SlackSignature(secrets), desk, clock));
  }

  /**
   * Begins to take answers in.
   *
   * @param pause before Socket Mode is tried again after its first failure; it grows from there
   */
  public static SlackAnswers start(
      SlackIntake intake,
      Inbox inbox,
      Queries queries,
      InstantSource clock,
      Duration pause,
      MeterRegistry registry) {
    return new SlackAnswers(intake, inbox, queries, clock, pause, registry);
  }

  /** Adds the door to a server's router, where there is one. No body handler may stand before. */
  public void mount(Router router) {
    door.ifPresent(it -> it.mount(router));
  }

  /** Adds what is said to those who come to the door in another way, behind authentication. */
  public void refuseOtherMethods(Router router) {
    door.ifPresent(it -> it.refuseOtherMethods(router));
  }

  /** What keeps presses from coming in, for people; empty where nothing does. */
  public Optional<String> trouble() {
    return socket.flatMap(SlackSocket::trouble);
  }

  @Override
  public void close() {
    socket.ifPresent(SlackSocket::close);
    http.shutdownNow();
    threads.shutdownNow();
  }
}
