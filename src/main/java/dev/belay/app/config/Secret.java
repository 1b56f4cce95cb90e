package dev.belay.app.config;

/**
 * A text that must not be seen in logs, errors or dumps.
 *
 * @param reveal the text, for the one place that needs it
 */
public record Secret(String reveal) {
  @Override
  public String toString() {
    return "<secret>";
  }
}
