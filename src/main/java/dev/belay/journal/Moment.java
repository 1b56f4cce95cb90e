package dev.belay.journal;

import java.time.Instant;

/**
 * Moments as {@link Instant#toString} writes them, several times as fast: an alert has three, and
 * they are what takes longest of it.
 */
final class Moment {
  // 0000-01-01 and 9999-12-31T23:59:59: years of four digits and no sign.
  private static final long FIRST = -62_167_219_200L;
  private static final long LAST = 253_402_300_799L;

  private static final int SECONDS_A_DAY = 86_400;
  private static final int LENGTH_WITHOUT_FRACTION = 19;
  private static final int LONGEST = 30;

  private Moment() {}

  /** The moment in ISO-8601, with no, three, six or nine digits after the point. */
  static String write(Instant instant) {
    long second = instant.getEpochSecond();
    if (second < FIRST || second > LAST) {
      return instant.toString();
    }
    byte[] out = new byte[LONGEST];
    date(out, Math.floorDiv(second, SECONDS_A_DAY));
    int ofDay = Math.floorMod(second, SECONDS_A_DAY);
    out[10] = 'T';
    digits(out, 11, 2, ofDay / 3600);
    out[13] = ':';
    digits(out, 14, 2, ofDay / 60 % 60);
    out[16] = ':';
    digits(out, 17, 2, ofDay % 60);
    int length = fraction(out, instant.getNano());
    out[length++] = 'Z';
    return ascii(out, length);
  }

  /** Howard Hinnant's days-to-civil, on years that begin in March so that leap days come last. */
  private static void date(byte[] out, long epochDay) {
    long day = epochDay + 719_468;
    long era = Math.floorDiv(day, 146_097);
    int ofEra = (int) (day - era * 146_097);
    int yearOfEra = (ofEra - ofEra / 1_460 + ofEra / 36_524 - ofEra / 146_096) / 365;
    int ofYear = ofEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
    int march = (5 * ofYear + 2) / 153;
    int month = march < 10 ? march + 3 : march - 9;
    digits(out, 0, 4, (int) (yearOfEra + era * 400) + (month <= 2 ? 1 : 0));
    out[4] = '-';
    digits(out, 5, 2, month);
    out[7] = '-';
    digits(out, 8, 2, ofYear - (153 * march + 2) / 5 + 1);
  }

  private static int fraction(byte[] out, int nano) {
    if (nano == 0) {
      return LENGTH_WITHOUT_FRACTION;
    }
    out[LENGTH_WITHOUT_FRACTION] = '.';
    int digits = 9;
    int value = nano;
    while (digits > 3 && value % 1_000 == 0) {
      value /= 1_000;
      digits -= 3;
    }
    digits(out, LENGTH_WITHOUT_FRACTION + 1, digits, value);
    return LENGTH_WITHOUT_FRACTION + 1 + digits;
  }

  private static void digits(byte[] out, int at, int count, int value) {
    int rest = value;
    for (int i = at + count - 1; i >= at; i--) {
      out[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
  }

  private static String ascii(byte[] out, int length) {
    return new String(out, 0, length, java.nio.charset.StandardCharsets.ISO_8859_1);
  }
}
