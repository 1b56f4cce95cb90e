package dev.belay.core.release;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One generation of a workload's pod template, as the cluster has it now (for a Deployment: a
 * ReplicaSet).
 *
 * @param uid the cluster's identity of it; numbers change at a rollback, this does not
 * @param number the revision number that kubectl shows at the moment
 * @param digest {@link TemplateDigest} of its pod template
 * @param images its containers' images, in order
 * @param createdAt when the cluster made it
 * @param readyReplicas how many of its pods are ready
 * @param changeCause why, where somebody wrote it down
 */
public record Revision(
    String uid,
    long number,
    String digest,
    List<String> images,
    Instant createdAt,
    int readyReplicas,
    Optional<String> changeCause) {}
