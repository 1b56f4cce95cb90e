package dev.belay.sandbox;

import java.time.Duration;
import java.util.Optional;

/**
 * What a container does once it is started from an image.
 *
 * @param readyAfter how long until its pod is ready; empty: never
 * @param waiting why its pod is not ready, as kubectl shows it
 * @param errorRate share of the requests it answers with an error, 0 to 1
 * @param slowness how much longer it takes than a good one; 1 is as long
 */
public record ImageBehavior(
    Optional<Duration> readyAfter, String waiting, double errorRate, double slowness) {
  private static final Duration START = Duration.ofMillis(400);
  private static final Duration SLOW_START = Duration.ofSeconds(5);

  /** Starts and serves. */
  public static final ImageBehavior GOOD =
      new ImageBehavior(Optional.of(START), "ContainerCreating", 0, 1);

  /** Starts, says that it is ready, and fails many requests. */
  public static final ImageBehavior BAD =
      new ImageBehavior(Optional.of(START), "ContainerCreating", 0.4, 1.5);

  /** Ends again and again. */
  public static final ImageBehavior CRASH =
      new ImageBehavior(Optional.empty(), "CrashLoopBackOff", 1, 1);

  /** Cannot be had. */
  public static final ImageBehavior NOPULL =
      new ImageBehavior(Optional.empty(), "ImagePullBackOff", 1, 1);

  /** Takes long to be ready, then serves well. */
  public static final ImageBehavior SLOW =
      new ImageBehavior(Optional.of(SLOW_START), "ContainerCreating", 0, 1);

  /** Which images behave how. */
  public interface Table {
    /** What a container of this image does. */
    ImageBehavior of(String image);
  }

  /**
   * By the tag's beginning: {@code bad}, {@code crash}, {@code nopull}, {@code slow}; all else is
   * good.
   */
  public static final Table BY_TAG =
      image -> {
        String tag = image.substring(image.lastIndexOf(':') + 1);
        int dash = tag.indexOf('-');
        return switch (dash < 0 ? tag : tag.substring(0, dash)) {
          case "bad" -> BAD;
          case "crash" -> CRASH;
          case "nopull" -> NOPULL;
          case "slow" -> SLOW;
          default -> GOOD;
        };
      };
}
