package dev.belay.intake;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;

/**
 * RFC 3339 time stamps as Go writes them: any number of fraction digits, any offset. Much faster
 * than {@link java.time.format.DateTimeFormatter}, which would be most of an alert's cost.
 */
final class Rfc3339 {
  /** Go's zero time, by which Alertmanager says "not set". */
  static final Instant ZERO = Instant.parse("0001-01-01T00:00:00Z");

  private static final int FIXED = "2026-01-31T12:00:00".length();
  private static final int NANO_DIGITS = 9;

  private final char[] text;
  private final int end;
  private int at;

  private Rfc3339(char[] text, int offset, int length) {
    this.text = text;
    this.at = offset;
    this.end = offset + length;
  }

  /**
   * Reads one.
   *
   * @throws DateTimeException where it is none
   */
  static Instant parse(char[] text, int offset, int length) {
    return new Rfc3339(text, offset, length).read();
  }

  /**
   * Reads one.
   *
   * @throws DateTimeException where it is none
   */
  static Instant parse(String text) {
    return parse(text.toCharArray(), 0, text.length());
  }

  private Instant read() {
    if (end - at <= FIXED) {
      throw wrong();
    }
    int year = number(4, 9999);
    expect('-', '-');
    int month = number(2, 12);
    expect('-', '-');
    int day = number(2, 31);
    expect('T', 't');
    int hour = number(2, 23);
    expect(':', ':');
    int minute = number(2, 59);
    expect(':', ':');
    // 60 is a leap second: it counts as the first of the next minute.
    int second = number(2, 60);
    int nano = fraction();
    int offset = offset();
    if (at != end) {
      throw wrong();
    }
    long days = LocalDate.of(year, month, day).toEpochDay();
    return Instant.ofEpochSecond(
        days * 86_400L + hour * 3_600L + minute * 60L + second - offset, nano);
  }

  private int number(int digits, int largest) {
    int value = 0;
    for (int i = 0; i < digits; i++) {
      value = value * 10 + digit();
    }
    if (value > largest) {
      throw wrong();
    }
    return value;
  }

  private int digit() {
    int digit = at < end ? text[at++] - '0' : -1;
    if (digit < 0 || digit > 9) {
      throw wrong();
    }
    return digit;
  }

  private void expect(char upper, char lower) {
    if (at >= end || (text[at] != upper && text[at] != lower)) {
      throw wrong();
    }
    at++;
  }

  private int fraction() {
    if (at >= end || text[at] != '.') {
      return 0;
    }
    at++;
    int nano = digit();
    int digits = 1;
    while (at < end && text[at] >= '0' && text[at] <= '9') {
      if (digits < NANO_DIGITS) {
        nano = nano * 10 + digit();
        digits++;
      } else {
        at++;
      }
    }
    for (; digits < NANO_DIGITS; digits++) {
      nano *= 10;
    }
    return nano;
  }

  private int offset() {
    if (at >= end) {
      throw wrong();
    }
    char sign = text[at++];
    return switch (sign) {
      case 'Z', 'z' -> 0;
      case '+' -> offsetSeconds();
      case '-' -> -offsetSeconds();
      default -> throw wrong();
    };
  }

  private int offsetSeconds() {
    int hours = number(2, 23);
    expect(':', ':');
    return hours * 3_600 + number(2, 59) * 60;
  }

  private static DateTimeException wrong() {
    return new DateTimeException("no RFC 3339 time such as 2026-01-31T12:00:00Z");
  }
}
