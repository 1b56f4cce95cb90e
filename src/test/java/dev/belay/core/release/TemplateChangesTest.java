package dev.belay.core.release;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TemplateChangesTest {
  private static Map<String, Object> template(String image, List<Object> env, String memory) {
    return Map.of(
        "metadata",
        Map.of("labels", Map.of("app", "covet", "pod-template-hash", image)),
        "spec",
        Map.of(
            "containers",
            List.of(
                Map.of(
                    "name",
                    "app",
                    "image",
                    image,
                    "env",
                    env,
                    "resources",
                    Map.of("limits", Map.of("memory", memory))))));
  }

  private static Object env(String name, String value) {
    return Map.of("name", name, "value", value);
  }

  @Test
  void imagesAndWhatMakesNoOtherReleaseAreNoChange() {
    assertEquals(
        List.of(),
        TemplateChanges.between(
            template("covet:1", List.of(), "1Gi"), template("covet:2", List.of(), "1Gi")));
  }

  @Test
  void resourcesAreToldAndWhatMayBeASecretIsNot() {
    List<TemplateChange> changes =
        TemplateChanges.between(
            template("covet:1", List.of(env("KEY", "hush"), env("SAME", "x")), "1Gi"),
            template(
                "covet:1",
                List.of(env("NEW", "hush2"), env("SAME", "x"), env("KEY", "hush3")),
                "2Gi"));
    assertEquals(
        List.of(
            "spec.containers[app].env[KEY].value",
            "spec.containers[app].env[NEW].name",
            "spec.containers[app].env[NEW].value",
            "spec.containers[app].resources.limits.memory"),
        changes.stream().map(TemplateChange::path).toList());
    assertEquals(Optional.of("1Gi"), changes.getLast().before());
    assertEquals(Optional.of("2Gi"), changes.getLast().after());
    assertEquals(
        List.of(
            new TemplateChange(
                "spec.containers[app].env[KEY].value",
                Optional.of(TemplateChange.HIDDEN),
                Optional.of(TemplateChange.HIDDEN)),
            new TemplateChange(
                "spec.containers[app].env[NEW].name",
                Optional.empty(),
                Optional.of(TemplateChange.HIDDEN))),
        changes.subList(0, 2));
    assertFalse(changes.toString().contains("hush"), changes.toString());
  }

  @Test
  void numbersAndSwitchesAreToldAndWhatIsGoneHasNoAfter() {
    assertEquals(
        List.of(
            new TemplateChange("spec.hostNetwork", Optional.of("true"), Optional.empty()),
            new TemplateChange("spec.priority", Optional.of("1"), Optional.of("2"))),
        TemplateChanges.between(
            Map.of("spec", Map.of("hostNetwork", true, "priority", 1)),
            Map.of("spec", Map.of("priority", 2))));
  }

  @Test
  void aNameThatLooksLikeAPathOpensNothing() {
    List<TemplateChange> changes =
        TemplateChanges.between(
            template("covet:1", List.of(), "1Gi"),
            template(
                "covet:1",
                List.of(env("spring.resources.token", "hush"), env("x].resources.y", "hush")),
                "1Gi"));
    assertEquals(4, changes.size());
    assertFalse(changes.toString().contains("hush"), changes.toString());
  }

  @Test
  void longTextsAreComparedToTheirEnds() {
    String head = "-X".repeat(100);
    assertEquals(
        1,
        TemplateChanges.between(
                template("covet:1", List.of(env("OPTS", head + "1")), "1Gi"),
                template("covet:1", List.of(env("OPTS", head + "2")), "1Gi"))
            .size());
  }

  @Test
  void changesAreBounded() {
    List<Object> many = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      many.add(env("KEY" + i + "x".repeat(300), "v"));
    }
    List<TemplateChange> changes =
        TemplateChanges.between(
            template("covet:1", List.of(), "1Gi"), template("covet:1", many, "1Gi"));
    assertEquals(50, changes.size());
    assertEquals(200, changes.getFirst().path().length());
  }
}
