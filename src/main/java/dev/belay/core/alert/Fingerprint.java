package dev.belay.core.alert;

/**
 * Alertmanager's 64-bit fingerprint of a label set, written as 16 lower-case hexadecimal digits.
 */
public record Fingerprint(long value) {
  @Override
  public String toString() {
    return String.format("%016x", value);
  }
}
