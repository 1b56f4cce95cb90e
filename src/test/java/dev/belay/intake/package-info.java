/** Tests of the parsers, on bodies in the shape of every sender's versions. */
@NullMarked
package dev.belay.intake;

import org.jspecify.annotations.NullMarked;
