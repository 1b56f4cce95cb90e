package dev.belay.sandbox;

import java.time.Duration;
import java.util.SortedMap;

/**
 * A service of the sandbox, as it is before anything happens.
 *
 * @param name its name in the rules
 * @param namespace where its Deployment and its ConfigMap are
 * @param deployment its Deployment's name; also the container's
 * @param replicas how many pods
 * @param image what they run at first
 * @param configMap the name of the ConfigMap that holds its flags
 * @param flags the ConfigMap's values at first
 * @param savings for each flag, the share of a request's cost that is saved while it is {@code
 *     "false"}
 * @param podCapacity requests per second that one pod can answer
 * @param latency the 95th percentile of an idle pod's response time
 * @param load requests per second at first
 */
public record ServiceSpec(
    String name,
    String namespace,
    String deployment,
    int replicas,
    String image,
    String configMap,
    SortedMap<String, String> flags,
    SortedMap<String, Double> savings,
    double podCapacity,
    Duration latency,
    double load) {}
