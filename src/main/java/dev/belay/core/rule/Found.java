package dev.belay.core.rule;

import dev.belay.core.release.Workload;
import java.util.List;

/**
 * A workload that fleets found.
 *
 * @param fleets the names of all whose selector it fits, in order; the first has it
 */
public record Found(Workload workload, List<String> fleets) {}
