/**
 * The command line: parses arguments, wires what a command needs, prints. No judgement lives here.
 */
@NullMarked
package dev.belay.cli;

import org.jspecify.annotations.NullMarked;
