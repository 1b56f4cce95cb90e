/** Proofs of the journal, and a journal in memory for other rooms' tests. */
@NullMarked
package dev.belay.journal;

import org.jspecify.annotations.NullMarked;
