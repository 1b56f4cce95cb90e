package dev.belay.rules.yaml;

/**
 * Something wrong with what people wrote.
 *
 * @param file the file's path as people named it
 * @param line from 1; 0 means the file as a whole
 * @param column from 1; 0 means the file as a whole
 * @param severity whether the file can be used all the same
 * @param sentence what is wrong and what would be right
 */
public record Problem(String file, int line, int column, Severity severity, String sentence) {
  /** How bad it is. */
  public enum Severity {
    /** The file cannot be used. */
    ERROR,
    /** The file can be used, but it hardly means what its writer hopes. */
    WARNING
  }

  /** Whether this keeps the file from being used. */
  public boolean isError() {
    return severity == Severity.ERROR;
  }

  /** The problem as one line: {@code FILE:LINE:COLUMN: sentence}. */
  @Override
  public String toString() {
    String mark = isError() ? "" : "warning: ";
    return new Spot(file, line, column) + ": " + mark + sentence;
  }
}
