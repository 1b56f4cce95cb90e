/** Tests of the command line, and of what the documents say of it. */
@NullMarked
package dev.belay.cli;

import org.jspecify.annotations.NullMarked;
