/**
 * What was shipped and where it runs: workloads, releases, revisions. Values only, the JDK only.
 */
@NullMarked
package dev.belay.core.release;

import org.jspecify.annotations.NullMarked;
