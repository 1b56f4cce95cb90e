package dev.belay.core.release;

import java.util.Optional;

/**
 * What the cluster shows of a release: which revision of the workload it is, and what is said of it
 * there.
 *
 * @param revision the revision number that kubectl showed when it was looked at last
 * @param digest {@link TemplateDigest} of its pod template
 * @param changeCause why, where somebody wrote it down
 * @param owner who keeps the workload as it is, where it shows ({@link Owner#name})
 */
public record Sighting(
    long revision, String digest, Optional<String> changeCause, Optional<String> owner) {}
