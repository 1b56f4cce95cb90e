package dev.belay.core.alert;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LabelsTest {
  @Test
  void hasAlertmanagersFingerprints() {
    assertEquals(
        "fac0861a85de433a",
        Labels.of("alertname", "alert1", "lbl1", "val1").fingerprint().toString());
    assertEquals("cbf29ce484222325", Labels.NONE.fingerprint().toString());
  }

  @Test
  void neverCaresForTheOrder() {
    Random random = new Random(7);
    for (int round = 0; round < 500; round++) {
      Map<String, String> values = new HashMap<>();
      for (int i = random.nextInt(200); i > 0; i--) {
        values.put("n\u00e9" + random.nextInt(300), random.nextBoolean() ? "" : "v" + i);
      }
      List<String> names = new ArrayList<>(values.keySet());
      Collections.shuffle(names, random);
      String[] pairs = new String[names.size() * 2];
      for (int i = 0; i < names.size(); i++) {
        pairs[2 * i] = names.get(i);
        pairs[2 * i + 1] = values.getOrDefault(names.get(i), "");
      }
      assertEquals(Labels.of(values), Labels.of(pairs));
      assertEquals(Labels.of(values).toMap(), Labels.of(pairs).toMap());
    }
  }

  @Test
  void takesTheLastValueOfANameGivenTwice() {
    assertEquals(Labels.of("a", "2", "b", "1"), Labels.of("a", "1", "b", "1", "a", "2"));
    assertEquals(Labels.of("b", "1"), Labels.of("a", "1", "b", "1", "a", ""));
  }

  @Test
  void refusesANameWithoutAValue() {
    assertThrows(IllegalArgumentException.class, () -> Labels.of("a"));
  }
}
