package dev.belay.intake.http;

import java.net.InetAddress;
import java.util.regex.Pattern;

/** Addresses that begin alike: {@code 10.0.0.0/8}, {@code fd00::/8}, or a single one. */
public final class AddressRange {
  /** Java knows 10.1 as an address too, which people who write it do not mean. */
  private static final Pattern LONG_FORM = Pattern.compile("[0-9]+(\\.[0-9]+){3}|.*:.*");

  private final byte[] begin;
  private final int bits;

  private AddressRange(byte[] begin, int bits) {
    this.begin = begin.clone();
    this.bits = bits;
  }

  /**
   * Reads a range.
   *
   * @throws IllegalArgumentException with a sentence, where the text is none; names are never
   *     looked up
   */
  public static AddressRange of(String text) {
    int slash = text.indexOf('/');
    String address = slash < 0 ? text : text.substring(0, slash);
    try {
      byte[] begin = InetAddress.ofLiteral(address).getAddress();
      int bits = slash < 0 ? begin.length * 8 : Integer.parseInt(text.substring(slash + 1));
      if (bits < 0 || bits > begin.length * 8 || !LONG_FORM.matcher(address).matches()) {
        throw new IllegalArgumentException();
      }
      return new AddressRange(begin, bits);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "not an address or a range of them; write it as 127.0.0.1, 10.0.0.0/8 or fd00::/8", e);
    }
  }

  /** Whether every address of its kind lies within. */
  public boolean everything() {
    return bits == 0;
  }

  /** Whether the address, as a literal, lies within. */
  public boolean holds(String literal) {
    byte[] address;
    try {
      address = InetAddress.ofLiteral(literal.replaceFirst("%.*$", "")).getAddress();
    } catch (IllegalArgumentException e) {
      return false;
    }
    if (address.length != begin.length) {
      return false;
    }
    for (int bit = 0; bit < bits; bit++) {
      int mask = 0x80 >> (bit % 8);
      if ((address[bit / 8] & mask) != (begin[bit / 8] & mask)) {
        return false;
      }
    }
    return true;
  }
}
