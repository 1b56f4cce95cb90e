package dev.belay.console;

/**
 * What a route answers.
 *
 * @param status the HTTP status
 * @param body text, sent as it is, or a view, sent as JSON
 */
record Answer(int status, Object body) {
  /** A good answer. */
  static Answer ok(Object body) {
    return new Answer(200, body);
  }
}
