package dev.belay.cli;

import dev.belay.port.JournalFailed;

/** What ended the daemon, in words: nobody can look for a cause that is called null. */
final class Cause {
  private Cause() {}

  static String of(Throwable cause) {
    // Those have sentences of their own; of all others the class says most.
    return cause instanceof JournalFailed ? String.valueOf(cause.getMessage()) : cause.toString();
  }
}
