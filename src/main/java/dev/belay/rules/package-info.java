/**
 * From the YAML that people write to the core's rules: four dialects, the first three of which are
 * a deployment runbook's own blocks. Every error has its file, line and column, and all of them
 * come at once. Reads files and nothing else: no clock, no network, no cluster.
 */
@NullMarked
package dev.belay.rules;

import org.jspecify.annotations.NullMarked;
