/**
 * Reading YAML that people wrote, strictly: every node knows its line and column, every mapping
 * knows its keys, and all that is wrong is said at once. Knows nothing of rules or of the daemon's
 * configuration, which both read through it.
 */
@NullMarked
package dev.belay.rules.yaml;

import org.jspecify.annotations.NullMarked;
