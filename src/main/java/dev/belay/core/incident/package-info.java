/**
 * What is wrong with one service, and why Belay acts or does not: incidents, blame, reasons,
 * evidence.
 */
@NullMarked
package dev.belay.core.incident;

import org.jspecify.annotations.NullMarked;
