package dev.belay.core.incident;

import dev.belay.core.release.Release;
import java.util.List;
import java.util.Optional;

/**
 * Which release explains the trouble, with everything that speaks for it and against.
 *
 * @param release the one to blame, or empty
 * @param digest the template that this release brought, where Belay saw it arrive
 * @param reason why, or why none
 * @param votes what speaks for it
 * @param vetoes what forbids it
 */
public record Blame(
    Optional<Release> release,
    Optional<String> digest,
    Reason reason,
    List<Evidence> votes,
    List<Evidence> vetoes) {}
