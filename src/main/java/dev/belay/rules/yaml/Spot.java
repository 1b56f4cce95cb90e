package dev.belay.rules.yaml;

/**
 * A place in a file.
 *
 * @param file the file's path as people named it
 * @param line from 1; 0 means the file as a whole
 * @param column from 1; 0 means the file as a whole
 */
public record Spot(String file, int line, int column) {
  /** The file as a whole. */
  public static Spot whole(String file) {
    return new Spot(file, 0, 0);
  }

  @Override
  public String toString() {
    return line == 0 ? file : file + ":" + line + ":" + column;
  }
}
