package dev.belay.console;

import io.vertx.core.Future;
import io.vertx.ext.web.MIMEHeader;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The route that says why, or why not. */
final class Explaining {
  private final Asking asking;

  Explaining(Asking asking) {
    this.asking = asking;
  }

  private record Explanation(String subject, List<Story.Line> lines, long leftOut) {}

  void mount(Mounting api) {
    api.get("/api/v1/explain/:subject", this::explain);
  }

  private Future<Answer> explain(RoutingContext ctx) {
    String subject = Params.path(ctx, "subject");
    Optional<Instant> from = Params.instant(ctx, "from");
    Optional<Instant> to = Params.instant(ctx, "to");
    return asking
        .state(ctx, state -> asking.around(state, subject))
        .compose(
            around -> {
              Asking.Window usual = around.orElseGet(asking::lately);
              Asking.Window window =
                  new Asking.Window(from.orElse(usual.from()), to.orElse(usual.to()));
              Future<Story.Whole> story =
                  around.isPresent() && from.isEmpty() && to.isEmpty()
                      ? asking.incident(ctx, subject, window)
                      : asking.story(ctx, subject, window);
              return story.map(told -> answer(ctx, subject, window, told));
            });
  }

  private static Answer answer(
      RoutingContext ctx, String subject, Asking.Window window, Story.Whole story) {
    List<Story.Line> lines = story.lines();
    if (lines.isEmpty()) {
      throw new Refusal(
          404,
          "Between "
              + window.from()
              + " and "
              + window.to()
              + " nothing speaks of "
              + Printable.of(subject)
              + ". Give an incident's id, an alert's fingerprint or name, or a release's id; and"
              + " from and to for another time.");
    }
    return Answer.ok(
        wantsText(ctx)
            ? lines.stream().map(line -> line + "\n").collect(Collectors.joining())
            : new Explanation(subject, lines, story.leftOut()));
  }

  private static boolean wantsText(RoutingContext ctx) {
    for (MIMEHeader accepted : ctx.parsedHeaders().accept()) {
      if (accepted.component().equals("text") && !accepted.subComponent().equals("html")) {
        return true;
      }
      if (accepted.subComponent().equals("json") || accepted.component().equals("*")) {
        return false;
      }
    }
    return false;
  }
}
