package dev.belay.sim;

/** Mistakes that can be planted around the core, to see that the oracle finds them. */
enum Bug {
  NONE,
  /** Senders are answered before their events are durable. */
  ACK_BEFORE_APPEND,
  /** Commands are released before the facts that led to them are durable. */
  RELEASE_BEFORE_APPEND,
  /** What is appended is not flushed. */
  NO_FLUSH,
  /** After a restart what was under way is done again, under a new id. */
  RESUME_WITH_NEW_ID,
  /** After a restart what was under way is done again, without a look and without guards. */
  RESUME_WITHOUT_GUARDS,
  /** A reading that is unknown counts as a good one. */
  UNKNOWN_IS_GOOD,
  /** A reading that is unknown counts as a bad one. */
  UNKNOWN_IS_BAD,
  /** A restart forgets the hold. */
  HOLD_FORGOTTEN,
  /** A restart forgets the veto window and the proposal. */
  WINDOW_FORGOTTEN,
  /** A restart forgets how often was acted. */
  BUDGET_FORGOTTEN,
  /** Alerts that began long ago are taken for copies. */
  DEDUPE_BY_AGE,
  /** Notices that nobody took are not delivered after a restart. */
  NOTICES_FORGOTTEN,
  /** A restart forgets how far inputs were read. */
  POSITION_FORGOTTEN,
  /** Offsets are committed before the engine took the records. */
  COMMIT_BEFORE_TAKEN,
  /** A notice that one channel took is owed to no other. */
  ONE_CHANNEL_SUFFICES,
  /** What a channel did not take is not handed to it again, but for a restart. */
  NEVER_TOLD_AGAIN,
  /** That time passes is a sign of life of every input. */
  SILENCE_IGNORED,
  /** A restart forgets that an input is silent. */
  SILENCE_FORGOTTEN
}
