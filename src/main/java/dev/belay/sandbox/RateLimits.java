package dev.belay.sandbox;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** Finds the token bucket in an Envoy filter, wherever it stands. */
final class RateLimits {
  private RateLimits() {}

  /** Requests per second that one pod admits; empty where the object does not limit. */
  static OptionalDouble perPod(@Nullable Object content) {
    return switch (content) {
      case Map<?, ?> map -> bucket(map).map(RateLimits::rate).orElseGet(() -> first(map.values()));
      case List<?> list -> first(list);
      case null, default -> OptionalDouble.empty();
    };
  }

  private static OptionalDouble first(Iterable<?> parts) {
    for (Object part : parts) {
      OptionalDouble found = perPod(part);
      if (found.isPresent()) {
        return found;
      }
    }
    return OptionalDouble.empty();
  }

  private static Optional<Map<?, ?>> bucket(Map<?, ?> map) {
    return map.get("token_bucket") instanceof Map<?, ?> bucket
        ? Optional.of(bucket)
        : Optional.empty();
  }

  /** A bucket of so many tokens each so many whole seconds, as in {@code fill_interval: 1s}. */
  private static OptionalDouble rate(Map<?, ?> bucket) {
    return bucket.get("tokens_per_fill") instanceof Number tokens
            && bucket.get("fill_interval") instanceof String interval
            && interval.matches("[1-9][0-9]{0,4}s")
        ? OptionalDouble.of(
            tokens.doubleValue() / Integer.parseInt(interval.substring(0, interval.length() - 1)))
        : OptionalDouble.empty();
  }
}
