package dev.belay.intake.probe;

import dev.belay.core.rule.Probe;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.net.BindException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;

/** Sends one request, and says what its answer means. */
final class Prober {
  /** More of a body is not waited for. */
  private static final int MOST_BODY = 64 * 1024;

  private static final int CAUSES = 8;

  private final Vertx vertx;
  private final HttpClient client;

  Prober(Vertx vertx, HttpClient client) {
    this.vertx = vertx;
    this.client = client;
  }

  /** What the probe sends, each time. */
  static RequestOptions request(Probe probe) {
    return new RequestOptions()
        .setMethod(HttpMethod.GET)
        .setAbsoluteURI(probe.url())
        .setFollowRedirects(false)
        .putHeader("User-Agent", "belay-probe")
        .putHeader("Accept", "*/*");
  }

  /**
   * Asks; the future never fails.
   *
   * @param question {@link #request} of the probe
   */
  Future<Result> ask(RequestOptions question, Probe probe) {
    long start = System.nanoTime();
    Promise<Result> done = Promise.promise();
    Future<HttpClientRequest> connected = client.request(question);
    long timer =
        vertx.setTimer(
            probe.timeout().toMillis(),
            _ -> {
              TimeoutException late = new TimeoutException("no answer");
              done.tryComplete(failed(late));
              connected.onSuccess(request -> request.reset(0, late));
            });
    done.future().onComplete(_ -> vertx.cancelTimer(timer));
    connected
        .onSuccess(
            request -> {
              // One that connects too late is reset above, and asks nothing.
              if (!done.future().isComplete()) {
                send(request, probe, start, done);
              }
            })
        .onFailure(error -> done.tryComplete(failed(error)));
    return done.future();
  }

  private static void send(
      HttpClientRequest request, Probe probe, long start, Promise<Result> done) {
    request
        .send()
        .onSuccess(response -> read(request, response, probe, start, done))
        .onFailure(error -> done.tryComplete(failed(error)));
  }

  /** It is well when its answer is complete, or long enough. */
  private static void read(
      HttpClientRequest request,
      HttpClientResponse response,
      Probe probe,
      long start,
      Promise<Result> done) {
    int[] read = {0};
    response.handler(
        (Buffer part) -> {
          read[0] += part.length();
          if (read[0] > MOST_BODY && done.tryComplete(judged(response, probe, start))) {
            request.reset();
          }
        });
    response.exceptionHandler(error -> done.tryComplete(failed(error)));
    response.endHandler(_ -> done.tryComplete(judged(response, probe, start)));
  }

  private static Result judged(HttpClientResponse response, Probe probe, long start) {
    return probe.expects(response.statusCode())
        ? new Result.Well(Duration.ofNanos(System.nanoTime() - start))
        : new Result.Unwell("it answers " + response.statusCode());
  }

  /** Where the question never left, the service is not to blame. */
  static Result failed(Throwable error) {
    return switch (error) {
      case UnknownHostException _ -> new Result.Unknown("its name does not resolve");
      case NoRouteToHostException _ -> new Result.Unknown("there is no route to it");
      case BindException _ -> new Result.Unknown("this machine has no port left to ask from");
      case TimeoutException _ -> new Result.Unwell("it does not answer in time");
      default -> otherwise(said(error));
    };
  }

  /** What it says, and what its causes say. */
  private static String said(Throwable error) {
    StringBuilder said = new StringBuilder();
    Throwable each = error;
    for (int i = 0; i < CAUSES && each != null; i++) {
      said.append(each).append(' ');
      each = each.getCause();
    }
    return said.toString();
  }

  /** What the operating system says has no type of its own. */
  private static Result otherwise(String message) {
    if (message.contains("Network is unreachable")) {
      return new Result.Unknown("the network is unreachable");
    }
    return message.contains("Too many open files")
        ? new Result.Unknown("this process may open no more connections")
        : new Result.Unwell("the connection fails");
  }
}
