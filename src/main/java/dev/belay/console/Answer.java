package dev.belay.console;

/**
 * What a route answers.
 *
 * @param status the HTTP status
 * @param body text or a document, sent as it is, or a view, sent as JSON
 */
record Answer(int status, Object body) {
  /** Text of another kind than the plainest. */
  record Document(String mediaType, String text) {}

  /** A good answer. */
  static Answer ok(Object body) {
    return new Answer(200, body);
  }
}
