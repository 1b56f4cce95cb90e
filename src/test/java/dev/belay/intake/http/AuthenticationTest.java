package dev.belay.intake.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.belay.core.release.Shipper;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AuthenticationTest {
  @Test
  void refusesCredentialsThatProtectNothing() {
    assertThrows(IllegalArgumentException.class, () -> Authentication.of(List.of(), Map.of()));
    assertThrows(IllegalArgumentException.class, () -> Authentication.of(List.of(" "), Map.of()));
    assertThrows(
        IllegalArgumentException.class, () -> Authentication.of(List.of(), Map.of("a:b", "c")));
    assertThrows(
        IllegalArgumentException.class, () -> Authentication.of(List.of(), Map.of("a", "")));
  }

  @Test
  void refusesSignaturesThatProtectNothing() {
    Authentication gate = Authentication.none();
    for (Map<Shipper, List<String>> secrets :
        List.of(
            Map.of(Shipper.FLUX, List.<String>of()),
            Map.of(Shipper.FLUX, List.of("good", " ")),
            Map.of(Shipper.ARGOCD, List.of("it cannot sign")))) {
      assertThrows(IllegalArgumentException.class, () -> gate.signing(secrets));
    }
  }

  @Test
  void neverPrintsASecret() {
    assertEquals(
        "Authentication[tokens=1, users=1]",
        Authentication.of(List.of("t0ken"), Map.of("ada", "s3cret")).toString());
  }
}
