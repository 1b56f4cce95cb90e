package dev.belay.console;

import io.vertx.core.Future;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/**
 * Health in Prometheus's and in Kubernetes's manner: {@code /-/healthy} and {@code /livez} ask
 * whether the engine moves, {@code /-/ready} and {@code /readyz} whether alerts can be taken in.
 * Liveness never looks at anything outside the process.
 *
 * <p>Anybody may ask. Where Belay knows whom to tell more, they learn which check fails, and those
 * who have credentials why: sentences name services, namespaces and hosts.
 */
public final class HealthRoutes {
  /** An idle loop comes round every 15 s; one that missed that twice is stuck. */
  private static final Duration PROGRESS_WITHIN = Duration.ofSeconds(30);

  private static final long ANSWER_SECONDS = 5;

  /**
   * One thing that readiness asks. It may block for a moment.
   *
   * @param name one word, as in {@code ?exclude=NAME}
   * @param required whether Belay is not ready while it is amiss; else it is ready and degraded
   * @param trouble a sentence that says what is amiss; empty where nothing is
   */
  public record Check(String name, boolean required, Supplier<Optional<String>> trouble) {}

  private record Result(Check check, Optional<String> trouble) {
    boolean fatal() {
      return check.required() && trouble.isPresent();
    }

    String line() {
      return trouble
          .map(why -> sign() + check.name() + degraded() + ": " + Printable.of(why) + "\n")
          .orElseGet(this::bareLine);
    }

    /** Without the sentence. */
    String bareLine() {
      if (trouble.isEmpty()) {
        return "[+]" + check.name() + " ok\n";
      }
      return sign() + check.name() + (check.required() ? " failed" : degraded()) + "\n";
    }

    private String sign() {
      return fatal() ? "[-]" : "[+]";
    }

    private String degraded() {
      return check.required() ? "" : " degraded";
    }
  }

  private final Supplier<Duration> sinceProgress;
  private final List<Check> checks;
  private final boolean reticent;

  /** The round of checks under way, so that a check that hangs never hangs more than one thread. */
  private final AtomicReference<Optional<Future<List<Result>>>> round =
      new AtomicReference<>(Optional.empty());

  /**
   * Routes that are yet to be mounted.
   *
   * @param sinceProgress how long ago the engine's loop last went round
   * @param checks what readiness asks, in this order
   * @param reticent whether only who has credentials is told what is amiss, at {@code
   *     /api/v1/health}
   */
  public HealthRoutes(Supplier<Duration> sinceProgress, List<Check> checks, boolean reticent) {
    this.sinceProgress = sinceProgress;
    this.checks = List.copyOf(checks);
    this.reticent = reticent;
  }

  /** Mounts the four routes. */
  public void mount(Router router) {
    Mounting health = new Mounting(router);
    health.get("/-/healthy", _ -> Future.succeededFuture(alive()));
    health.get("/livez", _ -> Future.succeededFuture(alive()));
    health.get("/-/ready", this::ready);
    health.get("/readyz", this::ready);
    health.refuseOtherMethods();
  }

  private record Health(boolean ready, List<CheckView> checks) {}

  private record CheckView(String name, boolean required, Optional<String> trouble) {}

  /** Mounts {@code /api/v1/health}: the same as readiness, for the console. */
  public void mountApi(Router router) {
    Mounting api = new Mounting(router);
    api.get(
        "/api/v1/health",
        ctx ->
            results(ctx)
                .map(
                    results ->
                        Answer.ok(
                            new Health(
                                results.stream().noneMatch(Result::fatal),
                                results.stream()
                                    .map(
                                        result ->
                                            new CheckView(
                                                result.check().name(),
                                                result.check().required(),
                                                result.trouble()))
                                    .toList()))));
    api.refuseOtherMethods();
  }

  private Answer alive() {
    Duration since = sinceProgress.get();
    return since.compareTo(PROGRESS_WITHIN) <= 0
        ? Answer.ok("[+]engine ok\n")
        : new Answer(
            503,
            "[-]engine: its loop has not moved for "
                + since.toSeconds()
                + " s; restart the process and report its thread dump\n");
  }

  private Future<Answer> ready(RoutingContext ctx) {
    List<String> excluded = ctx.queryParam("exclude");
    boolean verbose = Params.text(ctx, "verbose").isPresent();
    return results(ctx).map(results -> answer(results, excluded, verbose));
  }

  private Answer answer(List<Result> results, List<String> excluded, boolean verbose) {
    List<Result> asked =
        results.stream().filter(result -> !excluded.contains(result.check().name())).toList();
    boolean ready = asked.stream().noneMatch(Result::fatal);
    StringBuilder body = new StringBuilder();
    for (Result result : asked) {
      if (verbose || result.trouble().isPresent()) {
        body.append(reticent ? result.bareLine() : result.line());
      }
    }
    if (reticent && asked.stream().anyMatch(result -> result.trouble().isPresent())) {
      body.append("GET /api/v1/health, with credentials, says why\n");
    }
    excluded.stream()
        .filter(name -> results.stream().noneMatch(result -> result.check().name().equals(name)))
        .forEach(name -> body.append("there is no check ").append(Printable.of(name)).append('\n'));
    body.append(ready ? "ready\n" : "not ready\n");
    return new Answer(ready ? 200 : 503, body.toString());
  }

  private Future<List<Result>> results(RoutingContext ctx) {
    Optional<Future<List<Result>>> running = round.get().filter(future -> !future.isComplete());
    Future<List<Result>> results =
        running.orElseGet(() -> ctx.vertx().executeBlocking(this::look, false));
    round.set(Optional.of(results));
    return Future.future(
            (io.vertx.core.Promise<List<Result>> promise) -> results.onComplete(promise))
        .timeout(ANSWER_SECONDS, TimeUnit.SECONDS)
        .otherwise(
            _ -> {
              Check all = new Check("checks", true, Optional::empty);
              return List.of(
                  new Result(
                      all, Optional.of("they gave no answer within " + ANSWER_SECONDS + " s")));
            });
  }

  private List<Result> look() {
    List<Result> results = new ArrayList<>();
    for (Check check : checks) {
      results.add(new Result(check, trouble(check)));
    }
    return results;
  }

  /** A check that breaks is no sign of health. */
  private static Optional<String> trouble(Check check) {
    try {
      return check.trouble().get();
    } catch (RuntimeException e) {
      return Optional.of("the check failed with " + e.getClass().getSimpleName());
    }
  }
}
