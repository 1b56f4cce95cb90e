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
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.internal.resolver.NameResolver;
import io.vertx.core.net.SocketAddress;
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
  private final NameResolver names;
  private final HttpClient client;

  Prober(Vertx vertx, HttpClient client) {
    this.vertx = vertx;
    this.names = ((VertxInternal) vertx).nameResolver();
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
   * Asks; the future never fails. On an event loop only.
   *
   * @param question {@link #request} of the probe
   */
  Future<Result> ask(RequestOptions question, Probe probe) {
    return new Asking(probe, question).begin();
  }

  /** One question under way. Its time runs from when the name is known, if it has to be asked. */
  private final class Asking {
    private final Probe probe;
    private final RequestOptions question;
    private final Promise<Result> done = Promise.promise();
    private Future<HttpClientRequest> connected;
    private boolean kept;
    private boolean named;
    private long start;
    private long timer;

    Asking(Probe probe, RequestOptions question) {
      this.probe = probe;
      this.question = question;
      this.connected = client.request(question);
    }

    Future<Result> begin() {
      await();
      done.future().onComplete(_ -> vertx.cancelTimer(timer));
      follow();
      return done.future();
    }

    private void follow() {
      // A connection that was kept is at hand at once, and needs no name.
      kept = connected.isComplete();
      if (!kept) {
        // The client asks for the same at the same moment, and both are given one answer.
        names
            .resolve(SocketAddress.inetSocketAddress(question.getPort(), question.getHost()))
            .onSuccess(_ -> named());
      }
      connected.onSuccess(this::send).onFailure(this::failed);
    }

    private void named() {
      named = true;
      if (!connected.isComplete() && !done.future().isComplete()) {
        vertx.cancelTimer(timer);
        await();
      }
    }

    private void await() {
      start = System.nanoTime();
      timer = vertx.setTimer(probe.timeout().toMillis(), _ -> late());
    }

    private void late() {
      TimeoutException late = new TimeoutException("no answer");
      done.tryComplete(
          named || connected.succeeded()
              ? Prober.failed(late)
              : new Result.Unknown("its name does not resolve in time"));
      // Without somebody who hears of it, each that is connected too late would be an error's line.
      connected.onSuccess(request -> request.exceptionHandler(_ -> {}).reset(0, late));
    }

    private void send(HttpClientRequest request) {
      // One that connects too late is reset above, and asks nothing.
      if (!done.future().isComplete()) {
        request.send().onSuccess(response -> read(request, response)).onFailure(this::unanswered);
      }
    }

    /**
     * Whom it asks may end a connection that is idle at the very moment that it is used again (RFC
     * 9112, section 9.3.1). That says nothing of the service: a new one is asked.
     */
    private void unanswered(Throwable error) {
      if (kept && !done.future().isComplete()) {
        start = System.nanoTime();
        connected = client.request(question);
        follow();
      } else {
        failed(error);
      }
    }

    /** It is well when its answer is complete, or long enough. */
    private void read(HttpClientRequest request, HttpClientResponse response) {
      int[] read = {0};
      response.handler(
          (Buffer part) -> {
            read[0] += part.length();
            if (read[0] > MOST_BODY && done.tryComplete(judged(response, probe, start))) {
              request.reset();
            }
          });
      response.exceptionHandler(this::failed);
      response.endHandler(_ -> done.tryComplete(judged(response, probe, start)));
    }

    private void failed(Throwable error) {
      done.tryComplete(Prober.failed(error));
    }
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
