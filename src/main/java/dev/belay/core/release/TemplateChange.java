package dev.belay.core.release;

import java.util.Optional;

/**
 * What is different in a pod template. A value that may be a secret, which is any text but images
 * and resources, is {@link #HIDDEN}.
 *
 * @param path where, as in {@code spec.containers[app].resources.limits.memory}
 * @param before what stands there now; empty where nothing does
 * @param after what would; empty where nothing would
 */
public record TemplateChange(String path, Optional<String> before, Optional<String> after) {
  /** In the place of a value that is not told. */
  public static final String HIDDEN = "(not shown)";
}
