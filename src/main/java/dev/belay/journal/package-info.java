/**
 * The durable log of facts: their form as JSON, which is for ever, and the SQLite file that holds
 * them; beside it the revisions that can be returned to. Nothing here decides anything; nothing
 * outside knows how they are kept.
 */
@NullMarked
package dev.belay.journal;

import org.jspecify.annotations.NullMarked;
