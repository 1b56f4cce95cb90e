package dev.belay.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

final class RbacCommandTest {
  @TempDir Path folder = Path.of("");

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void theShippedRulesNeedTheirOwnNamespaceAndNothingElse() {
    assertEquals(0, belay("rbac", "rules"), err::toString);
    assertEquals(
        """
        # The rights in the cluster that the rules in rules need, and no other, by belay rbac;
        # to be made anew whenever the rules change.
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata:
          name: "belay"
          namespace: "covet"
        rules:
          # covet: look at deployment/covet/covet-app
          - apiGroups: ["apps"]
            resources: ["deployments"]
            verbs: ["get", "list", "watch"]
          # covet: roll back deployment/covet/covet-app (bad-release)
          - apiGroups: ["apps"]
            resources: ["deployments"]
            resourceNames: ["covet-app"]
            verbs: ["patch"]
          # covet: look at deployment/covet/covet-app
          - apiGroups: ["apps"]
            resources: ["replicasets"]
            verbs: ["list"]
          # covet: apply and delete configmap/covet/covet-rate-limit (overload)
          - apiGroups: [""]
            resources: ["configmaps"]
            resourceNames: ["covet-rate-limit"]
            verbs: ["get", "create", "patch", "delete"]
          # covet: set flags in configmap/covet/covet-config (overload)
          - apiGroups: [""]
            resources: ["configmaps"]
            resourceNames: ["covet-config"]
            verbs: ["get", "patch"]
          # covet: look at deployment/covet/covet-app
          - apiGroups: [""]
            resources: ["pods"]
            verbs: ["list"]
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata:
          name: "belay"
          namespace: "covet"
        roleRef: { apiGroup: rbac.authorization.k8s.io, kind: Role, name: "belay" }
        subjects:
          - { kind: ServiceAccount, namespace: "belay", name: "belay" }
        """,
        out.toString());
  }

  @Test
  void withoutAFolderTheRulesAreThoseThatTheConfigurationNames() throws IOException {
    Path rules = Files.createDirectory(folder.resolve("ours"));
    Files.writeString(rules.resolve("shop.yml"), "service: shop\nremediations: []\n");
    Path config = Files.writeString(folder.resolve("belay.yml"), "rules: ours\n");
    assertEquals(0, belay("rbac", "--config", config.toString()), err::toString);
    assertTrue(out.toString().contains("the rules in " + rules + " need"), out::toString);
    assertEquals(0, belay("check", "--config", config.toString()), err::toString);
    assertTrue(out.toString().contains(rules + ": 1 service, 0 remediations"), out::toString);
    assertEquals(0, belay("check", "rules", "--config", config.toString()), err::toString);
    assertTrue(out.toString().contains("\nrules: 1 service, 2 remediations"), out::toString);
  }

  @Test
  void theShippedConfigurationOnlyObservesSoNothingIsPatched() {
    assertEquals(0, belay("rbac", "rules", "--config", "config/belay.yml"), err::toString);
    assertTrue(!out.toString().contains("patch"), out::toString);
    assertTrue(out.toString().contains("watch"), out::toString);
  }

  @Test
  void namesAndTheAccountAreAsAsked() {
    assertEquals(0, belay("rbac", "rules", "--name", "catcher", "--account", "ops/catcher"));
    assertTrue(out.toString().contains("kind: Role, name: \"catcher\""), out::toString);
    assertTrue(out.toString().contains("namespace: \"ops\", name: \"catcher\""), out::toString);
    assertEquals(2, belay("rbac", "rules", "--account", "catcher"));
    assertTrue(err.toString().contains("NAMESPACE/NAME"), err::toString);
  }

  @Test
  void withoutRulesTheWholeClusterIsLookedAtByAClusterRole() {
    assertEquals(0, belay("rbac", folder.toString()), err::toString);
    assertTrue(out.toString().contains("kind: ClusterRole\n"), out::toString);
    assertTrue(out.toString().contains("kind: ClusterRoleBinding\n"), out::toString);
  }

  @Test
  void helmsValuesHoldTheRightsAndEveryFileAsItIs() throws IOException {
    assertEquals(0, belay("rbac", "rules", "--format", "helm"), err::toString);
    Map<?, ?> values = yaml(out.toString());

    Map<?, ?> files = map(map(values, "rules"), "files");
    for (String name : List.of("covet.yml", "configs/emergency-rate-limiting.yml")) {
      assertEquals(Files.readString(Path.of("rules", name)), files.get(name));
    }
    List<?> roles = (List<?>) Objects.requireNonNull(map(values, "rbac").get("roles"));
    assertEquals("covet", ((Map<?, ?>) Objects.requireNonNull(roles.getFirst())).get("namespace"));
  }

  @Test
  void oneFileIsCalledByItsName() {
    assertEquals(0, belay("rbac", "docs/fleet.example.yml", "--format", "helm"), err::toString);
    Map<?, ?> files = map(map(yaml(out.toString()), "rules"), "files");
    assertEquals(List.of("fleet.example.yml"), List.copyOf(files.keySet()));
  }

  @Test
  void helmsValuesHoldThePortsOfTheProbes() throws IOException {
    assertEquals(0, belay("rbac", "docs/fleet.example.yml", "--format", "helm"), err::toString);
    assertEquals(List.of(8080), map(yaml(out.toString()), "rules").get("ports"));
    out.getBuffer().setLength(0);
    Files.writeString(
        folder.resolve("a.yml"),
        "service: a\nsignals: { probe: { url: 'https://a.shop/well' } }\n");
    Files.writeString(
        folder.resolve("b.yml"), "service: b\nsignals: { probe: { url: 'http://b.shop' } }\n");
    assertEquals(0, belay("rbac", folder.toString(), "--format", "helm"), err::toString);
    assertEquals(List.of(80, 443), map(yaml(out.toString()), "rules").get("ports"));
  }

  @Test
  void theClusterIsAskedOnlyWhereAConfigurationNamesIt() {
    assertEquals(2, belay("check", "rules", "--cluster"));
    assertTrue(err.toString().contains("--config"), err::toString);
  }

  @Test
  void filesOfAnyTextSurvive() throws IOException {
    String odd = "  # begins with a space\nservice: \"covet\" # ü\u0000\\ \t\n\n";
    Map<?, ?> values = yaml(RoleText.files(Map.of("odd.yml", odd), new TreeSet<>()));
    assertEquals(Map.of("ports", List.of(), "files", Map.of("odd.yml", odd)), values.get("rules"));
  }

  @Test
  void badRulesAreNamedAndGiveNoRights() throws IOException {
    Files.writeString(folder.resolve("bad.yml"), "service: covet\nworkload: nonsense\n");
    assertEquals(1, belay("rbac", folder.toString()));
    assertEquals("", out.toString());
    assertTrue(err.toString().contains("bad.yml:2:"), err::toString);
  }

  private static Map<?, ?> yaml(String text) {
    return (Map<?, ?>)
        Objects.requireNonNull(new Load(LoadSettings.builder().build()).loadFromString(text));
  }

  private static Map<?, ?> map(Map<?, ?> parent, String key) {
    return (Map<?, ?>) Objects.requireNonNull(parent.get(key));
  }

  private int belay(String... arguments) {
    out.getBuffer().setLength(0);
    return Main.commandLine()
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }
}
