package dev.belay.intake.prometheus;

import dev.belay.intake.OneLine;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Prometheus's {@code POST /api/v1/query}. Calls block, for the timeout at most. Safe for use by
 * many threads, of which only so many ask at once.
 */
final class QueryApi implements AutoCloseable {
  /** The largest answer that is read: some 20 000 series. */
  static final int LARGEST = 4 << 20;

  private static final int AT_ONCE = 16;

  /**
   * Clocks that are further apart do not speak of one moment; a scrape's interval is about half.
   */
  private static final Duration ASKEW = Duration.ofSeconds(30);

  private final PrometheusSettings settings;
  private final PrometheusMeters meters;
  private final InstantSource clock;
  private final URI address;
  private final HttpClient client;
  private final Semaphore turns = new Semaphore(AT_ONCE, true);

  /**
   * For what these settings name.
   *
   * @param clock the machine's, by which moments are asked for
   */
  QueryApi(PrometheusSettings settings, PrometheusMeters meters, InstantSource clock) {
    this.settings = settings;
    this.meters = meters;
    this.clock = clock;
    String url = settings.url().toString();
    this.address = URI.create(url.replaceFirst("/+$", "") + "/api/v1/query");
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(settings.timeout())
            .build();
  }

  /**
   * Asks. Never throws.
   *
   * @param at for which moment; empty: for now, by Prometheus's clock
   */
  Answer ask(String query, Optional<Instant> at) {
    long began = System.nanoTime();
    Answer answer = timely(query, at, began + settings.timeout().toNanos());
    meters.asked(answer, Duration.ofNanos(System.nanoTime() - began));
    return answer;
  }

  private Answer timely(String query, Optional<Instant> at, long deadline) {
    try {
      if (!turns.tryAcquire(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
        return new Answer.Unknown(
            Result.LATE, "so many queries hang that this one had to wait for longer than it may");
      }
      try {
        return asked(query, at, deadline);
      } finally {
        turns.release();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Answer.Unknown(Result.LATE, "the daemon is stopping");
    }
  }

  private Answer asked(String query, Optional<Instant> at, long deadline)
      throws InterruptedException {
    CompletableFuture<HttpResponse<byte[]>> sent =
        client.sendAsync(
            request(query, at), BodyHandlers.limiting(BodyHandlers.ofByteArray(), LARGEST));
    try {
      HttpResponse<byte[]> response = sent.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
      Answer answer = read(response);
      return at.isPresent() && answer instanceof Answer.Series
          ? askew(response).<Answer>map(why -> new Answer.Unknown(Result.ASKEW, why)).orElse(answer)
          : answer;
    } catch (TimeoutException e) {
      return late();
    } catch (ExecutionException e) {
      return failed(e.getCause() == null ? e : e.getCause());
    } finally {
      // Of no effect once it is answered; else it ends the exchange.
      sent.cancel(true);
    }
  }

  private HttpRequest request(String query, Optional<Instant> at) {
    StringBuilder form = new StringBuilder();
    form.append("query=").append(URLEncoder.encode(query, StandardCharsets.UTF_8));
    form.append("&timeout=").append(settings.timeout().toMillis()).append("ms");
    at.ifPresent(time -> form.append("&time=").append(seconds(time)));
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .header("Accept", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(form.toString()));
    settings.authorization().ifPresent(value -> request.header("Authorization", value));
    return request.build();
  }

  private static String seconds(Instant time) {
    return String.format(
        java.util.Locale.ROOT, "%d.%03d", time.getEpochSecond(), time.getNano() / 1_000_000);
  }

  private Answer read(HttpResponse<byte[]> response) {
    int status = response.statusCode();
    if (status / 100 == 2) {
      return AnswerReader.answer(response.body());
    }
    String said = AnswerReader.error(response.body()).map(error -> ": " + error).orElse("");
    return switch (status) {
      case 400, 422 ->
          new Answer.Unknown(Result.BAD_QUERY, "Prometheus cannot evaluate the query" + said);
      case 401, 403, 407 ->
          new Answer.Unknown(
              Result.REFUSED,
              where()
                  + " does not let Belay ask (HTTP "
                  + status
                  + "); check the token, or name and password, under prometheus");
      case 301, 302, 303, 307, 308, 404, 405 ->
          new Answer.Unknown(
              Result.REFUSED,
              where()
                  + " has no query API there (HTTP "
                  + status
                  + "); check the path of prometheus.url");
      default ->
          new Answer.Unknown(
              Result.FAILED, where() + " fails (HTTP " + status + ")" + said + "; see its own log");
    };
  }

  /**
   * Why the answer is not of the moment that is meant; empty where it is, or its sender does not
   * say what time it is (RFC 9110, section 6.6.1). A range that ends in the future holds too
   * little, or nothing.
   */
  private Optional<String> askew(HttpResponse<byte[]> response) {
    Instant here = clock.instant();
    return response
        .headers()
        .firstValue("Date")
        .flatMap(QueryApi::time)
        .map(there -> Duration.between(there, here))
        .filter(ahead -> ahead.abs().compareTo(ASKEW) > 0)
        .map(
            ahead ->
                // Always in the same words, however far: what changes would be said anew each time.
                "this machine's clock is more than "
                    + ASKEW.toSeconds()
                    + " s "
                    + (ahead.isNegative() ? "behind" : "ahead of")
                    + " that of "
                    + where()
                    + ", so that rules are asked for a moment that is not now; have both set by"
                    + " NTP");
  }

  private static Optional<Instant> time(String date) {
    try {
      return Optional.of(Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date)));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private Answer failed(Throwable cause) {
    if (cause instanceof IOException
        && String.valueOf(cause.getMessage()).contains("body exceeds capacity")) {
      return new Answer.Unknown(
          Result.UNREADABLE,
          "the answer is larger than "
              + LARGEST
              + " bytes; sum over fewer labels, or select fewer series");
    }
    if (cause instanceof java.net.http.HttpTimeoutException) {
      return late();
    }
    String said =
        cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    return new Answer.Unknown(
        Result.UNREACHABLE,
        where()
            + " cannot be reached ("
            + OneLine.of(said)
            + "); check prometheus.url, and that it can be reached from here");
  }

  private Answer late() {
    return new Answer.Unknown(
        Result.LATE,
        where()
            + " gave no answer within "
            + settings.timeout().toMillis() / 1000.0
            + " s; see whether it is overloaded, or raise prometheus.timeout");
  }

  private String where() {
    return "Prometheus at " + settings.url();
  }

  /** Ends what is under way. */
  @Override
  public void close() {
    client.shutdownNow();
  }
}
