package dev.belay.core.release;

import java.util.Optional;

/**
 * What is different in a pod template. Values that may be secrets, which is any text but images and
 * resources, are left out.
 *
 * @param path where, as in {@code spec.containers[app].resources.limits.memory}
 * @param before what stands there now; empty where nothing does, or it is not told
 * @param after what would; empty where nothing would, or it is not told
 */
public record TemplateChange(String path, Optional<String> before, Optional<String> after) {}
