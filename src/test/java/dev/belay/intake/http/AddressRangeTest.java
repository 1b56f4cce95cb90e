package dev.belay.intake.http;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class AddressRangeTest {
  @Test
  void holdsWhatBeginsAlike() {
    assertTrue(AddressRange.of("10.0.0.0/8").holds("10.255.1.2"));
    assertFalse(AddressRange.of("10.0.0.0/8").holds("11.0.0.0"));
    assertTrue(AddressRange.of("10.128.0.0/9").holds("10.128.0.1"));
    assertFalse(AddressRange.of("10.128.0.0/9").holds("10.127.255.255"));
    assertTrue(AddressRange.of("127.0.0.1").holds("127.0.0.1"));
    assertFalse(AddressRange.of("127.0.0.1").holds("127.0.0.2"));
    assertTrue(AddressRange.of("0.0.0.0/0").holds("8.8.8.8"));
    assertTrue(AddressRange.of("fd00::/8").holds("fd12::1"));
    assertFalse(AddressRange.of("fd00::/8").holds("fe80::1%eth0"));
    assertTrue(AddressRange.of("fe80::/10").holds("fe80::1%eth0"));
  }

  /** A socket may know a caller by the one form of its address or by the other. */
  @Test
  void anAddressIsOneInBothItsForms() {
    assertTrue(AddressRange.of("10.0.0.0/8").holds("::ffff:10.1.2.3"));
    assertFalse(AddressRange.of("::1").holds("127.0.0.1"));
    assertFalse(AddressRange.of("0.0.0.0/0").holds("fd00::1"));
  }

  @Test
  void whatIsNoRangeIsRefusedAndNoNameIsLookedUp() {
    for (String text :
        List.of("", "proxy", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0/8", "fd00::/129")) {
      assertThrows(IllegalArgumentException.class, () -> AddressRange.of(text), text);
    }
    assertFalse(AddressRange.of("0.0.0.0/0").holds("proxy.local"));
  }
}
