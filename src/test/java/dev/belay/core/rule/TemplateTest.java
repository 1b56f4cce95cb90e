package dev.belay.core.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.belay.core.alert.Labels;
import java.util.Map;
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
            "{{ $labels.app }}/{{$labels.zone}}/{{ $labels.none }}/{{  $value }}",
            LABELS,
            0.5,
            Map.of()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{ $value | humanizeTimestamp }}",
        "{{ $value | toUpper }}",
        "{{ $labels.app | humanize }}",
        "{{ $labels.app | reReplaceAll \"a\" \"b\" }}",
        "{{ printf \"%d\" $value }}",
        "{{ printf \"%s\" $value }}",
        "{{ printf \"%.2f\" $labels.app }}",
        "{{ printf \"%.2f\" }}",
        "{{ printf \"%.2f\" $value $value }}",
        "{{ printf \"100%\" }}",
        "{{ printf \"%5.2f\" $value }}",
        "{{ printf \"\\x41\" }}",
        "{{ printf }}",
        "{{ printf $labels.app }}",
        "{{ $labels.app | printf }}",
        "{{ $value | }}",
        "{{ | humanize }}",
        "{{ }}",
        "{{ $value $value }}",
        "{{ humanize $value $value }}",
        "{{ (humanize $value) }}",
        "{{ $x.app }}",
        "{{ .labels.app }}",
        "{{ $value \"open }}",
        " {{- if $value -}} x",
        "{{ $labels }}",
        "{{ if $value }}x{{ end }}",
        "{{"
      })
  void theRestOfGosLanguageIsLeftAsItStands(String text) {
    assertEquals(false, Template.known(text));
    assertEquals(text, expand(text, 1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "plain", "}}", "{ $value }", "{{ $labels.a_1 }}{{ $value }}"})
  void plainTextsAndWhatIsExpandedAreKnown(String text) {
    assertEquals(true, Template.known(text));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "{{ .Labels.app }} {{ .Value }} {{ .ExternalLabels.zone }}; a$1\\b 0.5 de",
        "{{ $externalLabels.zone }}{{ $externalLabels.none }}; de",
        "{{ $labels.zone | toUpper }}; EU",
        "{{ toUpper $labels.zone | toLower }}; eu",
        "{{ title \"an open door, my-friend's_x\" }}; An Open Door, My-Friend'S_x",
        "{{ \"10.0.0.7:80\" | stripPort }}; 10.0.0.7",
        "{{ \"[::1]:80\" | stripPort }} {{ stripPort \"::1\" }}; ::1 ::1",
        "{{ printf \"%.2f of %s: %v%%\" $value $labels.zone $value }}; 0.50 of eu: 0.5%",
        "{{ $value | printf `%.0f`}}{{ \"}}\" }}; 0}}",
        "a  {{- $value -}}  b {{ $value }}; a0.5b 0.5",
        "{{- $value -}} {{- $value }}; 0.50.5",
        "{{if}} {{ $value }}; {{if}} 0.5",
        "{{ $value | humanize }} {{ $value | humanizePercentage }}; 500m 50%",
      })
  void whatRuleFilesHaveMostIsExpanded(String text, String expected) {
    assertEquals(expected, expand(text, 0.5));
  }

  /** PromtoolIT compares many more with Prometheus's own. */
  @ParameterizedTest
  @CsvSource({
    "1234.5, 1.234k, 1.206ki, 20m 34s, 1.234e+05%",
    "0.00123, 1.23m, 0.00123, 1.23ms, 0.123%",
    "90061.5, 90.06k, 87.95ki, 1d 1h 1m 1s, 9.006e+06%",
    "-3661, -3.661k, -3.575ki, -1h 1m 1s, -3.661e+05%",
    "0, 0, 0, 0s, 0%",
    "59.99, 59.99, 59.99, 59.99s, 5999%",
    "Infinity, +Inf, +Inf, +Inf, +Inf%"
  })
  void numbersAreMadeReadable(
      double value, String number, String bytes, String duration, String percentage) {
    assertEquals(number, expand("{{ $value | humanize }}", value));
    assertEquals(bytes, expand("{{ $value | humanize1024 }}", value));
    assertEquals(duration, expand("{{ $value | humanizeDuration }}", value));
    assertEquals(percentage, expand("{{ $value | humanizePercentage }}", value));
  }

  private static String expand(String text, double value) {
    return Template.expand(text, LABELS, value, Map.of("zone", "de"));
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
    assertEquals(text, expand("{{ $value }}", value));
  }
}
