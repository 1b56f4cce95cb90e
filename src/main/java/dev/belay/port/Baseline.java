package dev.belay.port;

import dev.belay.core.release.Revision;
import dev.belay.core.release.Workload;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A revision to return to, with what it takes to do so where the cluster has forgotten it.
 *
 * @param uid the cluster's identity of the workload: another of its name is another
 * @param revision as it was when it was kept; its digest is the template's
 * @param template the pod template as plain maps, lists, texts, numbers and booleans
 */
public record Baseline(
    Workload workload,
    String uid,
    Revision revision,
    Map<String, ? extends @Nullable Object> template) {}
