package dev.belay.core.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.belay.core.alert.Labels;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TemplateTest {
  private static final Labels LABELS = Labels.of("app", "a$1\\b", "zone", "eu");

  @Test
  void labelsAndTheValueAreExpanded() {
    assertEquals(
        "a$1\\b/eu//0.5",
        Template.expand(
            "{{ $labels.app }}/{{$labels.zone}}/{{ $labels.none }}/{{  $value }}", LABELS, 0.5));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{ $value | humanize }}",
        "{{ .Value }}",
        "{{- $value }}",
        "{{ $labels }}",
        "{{ if $value }}x{{ end }}",
        "{{"
      })
  void theRestOfGosLanguageIsLeftAsItStands(String text) {
    assertEquals(false, Template.known(text));
    assertEquals(text, Template.expand(text, LABELS, 1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "plain", "}}", "{ $value }", "{{ $labels.a_1 }}{{ $value }}"})
  void plainTextsAndWhatIsExpandedAreKnown(String text) {
    assertEquals(true, Template.known(text));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "1, 1",
    "0.1, 0.1",
    "-2.5, -2.5",
    "123456, 123456",
    "1234567, 1.234567e+06",
    "1e6, 1e+06",
    "0.0001, 0.0001",
    "0.00001, 1e-05",
    "-0.000012, -1.2e-05",
    "1e100, 1e+100",
    "1e-300, 1e-300",
    "NaN, NaN",
    "Infinity, +Inf",
    "-Infinity, -Inf",
    "0.30000000000000004, 0.30000000000000004"
  })
  void numbersLookAsGoPrintsThem(double value, String text) {
    assertEquals(text, Template.expand("{{ $value }}", LABELS, value));
  }
}
