package dev.belay.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.controlplane.ClusterNamespace;
import dev.belay.controlplane.ControlPlane;
import dev.belay.controlplane.ControlPlane.KubectlFailed;
import dev.belay.controlplane.Eventually;
import dev.belay.controlplane.FreePort;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The chart: as helm renders it, and as a real control plane takes it. */
final class ChartIT {
  private static final Duration SOON = Duration.ofSeconds(90);
  private static final Path GOLDEN = Path.of("src/test/resources/chart");

  @TempDir private Path folder = Path.of("");

  @RegisterExtension final Opened opened = new Opened();

  @Test
  void isWithoutBlame() {
    Helm.run("lint", "--strict", "charts/belay");
  }

  @Test
  void isOfTheVersionOfThePom() throws IOException {
    assertEquals(
        value(Files.readString(Path.of("pom.xml")), "<version>([^<]*)</version>"),
        value(Files.readString(Path.of("charts/belay/Chart.yaml")), "(?m)^appVersion: (.*)$"));
  }

  /** Needs no helm. */
  @Test
  void everyValueHasItsComment() throws IOException {
    List<String> lines = Files.readAllLines(Path.of("charts/belay/values.yaml"));
    List<String> bare = new ArrayList<>();
    int values = 0;
    for (int i = 1; i < lines.size(); i++) {
      Matcher key = Pattern.compile("( *)\\w+: \\S.*").matcher(lines.get(i));
      if (key.matches()) {
        values++;
        if (!lines.get(i - 1).startsWith(key.group(1) + "# ")) {
          bare.add(lines.get(i).strip());
        }
      }
    }
    assertEquals(List.of(), bare);
    assertTrue(values > 40, "values: " + values);
  }

  private static String value(String text, String pattern) {
    Matcher matcher = Pattern.compile(pattern).matcher(text);
    assertTrue(matcher.find(), pattern);
    return matcher.group(1);
  }

  @Test
  void rendersAsItAlwaysDid() throws IOException {
    assertGolden("default.yaml", template("belay", List.of()));
    Path values = Programs.write(folder, "rules.yaml", rbac(Path.of("rules")));
    assertGolden(
        "everything.yaml",
        template(
            "belay",
            List.of(
                "--values",
                values.toString(),
                "--values",
                "src/test/resources/chart/everything-values.yaml")));
  }

  @Test
  void refusesValuesThatAreNone() {
    assertTrue(refusal("--set", "journal.sise=1Gi").contains("sise"));
    assertTrue(refusal("--set", "config.listen=0.0.0.0:1").contains("the chart's business"));
    assertTrue(
        refusal("--set", "serviceMonitor.enabled=true").contains("auth.viewerTokenSecret"),
        "nobody could read the metrics");
    assertTrue(
        refusal(
                "--set-json",
                "rbac.clusterRules=[{\"apiGroups\":[\"*\"],\"resources\":[\"*\"],\"verbs\":[\"*\"]}]")
            .contains("clusterRules"));
  }

  @Test
  void refusesWhatKubernetesWouldNotTakeOrCouldNeverBeReady() {
    for (String name : List.of("../../../etc", "Slack", "slack_v1")) {
      assertTrue(refusal("--set", "secrets[0].name=" + name).contains("secrets"), name);
    }
    assertTrue(refusal("--set", "auth.tokenSecret=UPPER").contains("tokenSecret"));
    assertTrue(refusal("--set", "fullnameOverride=UPPER_case").contains("fullnameOverride"));
    assertTrue(
        refusal("--set-json", "rules.files={\"x/y.yml\":\"\",\"x__y.yml\":\"\"}")
            .contains("x/y.yml and x__y.yml would be one file"));
    assertTrue(refusal("--set-json", "rules.files={\"x/../y.yml\":\"\"}").contains("x/../y.yml"));
    assertTrue(
        refusal("--set-json", "podAnnotations={\"checksum/config\":\"x\"}")
            .contains("checksum/config is the chart's business"));
    assertTrue(
        refusal("--set-json", "podLabels={\"app.kubernetes.io/name\":\"x\"}")
            .contains("app.kubernetes.io/name is the chart's business"));
    assertTrue(
        refusal("--set", "auth.tokenSecret=").contains("would never be ready"),
        "nobody may come in");
    template("belay", List.of("--set", "auth.tokenSecret=", "--set", "auth.viewerTokenSecret=v"));
  }

  @Test
  void aSecretMayHaveADotInItsNameThoughAVolumeMayNot() {
    String rendered = template("belay", List.of("--set", "secrets[0].name=slack.v1"));
    assertTrue(rendered.contains("- name: secret-0\n          secret:\n"), rendered);
    assertTrue(rendered.contains("mountPath: /run/secrets/belay/slack.v1\n"), rendered);
  }

  @Test
  void takesNoSecretIntoAConfigMap() {
    for (String plain :
        List.of(
            "{\"slack\":{\"token\":\"xoxb-hush\"}}",
            "{\"auth\":{\"basic\":[{\"username\":\"a\",\"password\":\"hush\"}]}}",
            "{\"auth\":{\"bearer_tokens\":[\"hush\"]}}",
            "{\"auth\":{\"bearer_tokens\":[{\"token\":\"hush\"}]}}",
            "{\"webhooks\":{\"github\":{\"secrets\":[\"hush\"]}}}",
            "{\"channels\":{\"lead\":{\"pagerduty\":{\"routing_key\":\"hush\"}}}}",
            "{\"kafka\":{\"client\":{\"ssl.key.password\":\"hush\"}}}")) {
      String said = refusal("--set-json", "config=" + plain);
      assertTrue(said.contains("secrets do not belong into values"), said);
      assertFalse(said.replace(plain, "").contains("hush"), said);
      template("belay", List.of("--set-json", "config=" + plain.replace("hush", "${HUSH}")));
    }
  }

  @Test
  void anApiServerTakesTheNetworkPolicyWhateverPortsAndPeersItNames() {
    ClusterNamespace home = new ClusterNamespace(ControlPlane.shared(), "belay");
    for (String ports : List.of("[]", "[8443]")) {
      for (String peers : List.of("[]", "[{\"namespaceSelector\":{}}]")) {
        String policy =
            template(
                home.name(),
                List.of(
                    "--show-only",
                    "templates/networkpolicy.yaml",
                    "--set-json",
                    "networkPolicy.ports=" + ports,
                    "--set-json",
                    "networkPolicy.to=" + peers));
        home.kubectl("apply", "-f", Programs.write(folder, "policy.yaml", policy).toString());
        assertEquals(
            ports.equals("[]") ? "" : "8443",
            home.kubectl(
                "get", "networkpolicy/belay", "-o", "jsonpath={.spec.egress[1].ports[*].port}"));
        assertEquals(
            peers.equals("[]") ? "" : "[{\"namespaceSelector\":{}}]",
            home.kubectl("get", "networkpolicy/belay", "-o", "jsonpath={.spec.egress[1].to}"));
      }
    }
  }

  @Test
  void anApiServerTakesEveryObjectOfKubernetesOwn() {
    ClusterNamespace home = new ClusterNamespace(ControlPlane.shared(), "belay");
    String rendered =
        template(
            home.name(),
            List.of(
                "--values",
                "src/test/resources/chart/everything-values.yaml",
                "--set",
                "serviceMonitor.enabled=false,prometheusRule.enabled=false"));
    String taken =
        home.kubectl(
            "apply",
            "--dry-run=server",
            "-f",
            Programs.write(folder, "rendered.yaml", rendered).toString());
    for (String kind :
        List.of(
            "networkpolicy",
            "poddisruptionbudget",
            "serviceaccount",
            "configmap",
            "persistentvolumeclaim",
            "clusterrole.",
            "clusterrolebinding",
            "service/",
            "deployment")) {
      assertTrue(taken.contains(kind), taken);
    }
  }

  @Test
  void anApiServerTakesWhatPrometheusOperatorReads() throws Exception {
    ClusterNamespace home = new ClusterNamespace(ControlPlane.shared(), "belay");
    for (String kind : List.of("servicemonitors", "prometheusrules")) {
      home.kubectl(
          "apply",
          "--server-side",
          "-f",
          definitions().resolve("monitoring.coreos.com_" + kind + ".yaml").toString());
      home.kubectl("wait", "--for=condition=Established", "crd/" + kind + ".monitoring.coreos.com");
    }
    String rendered =
        template(
            home.name(),
            List.of(
                "--values",
                "src/test/resources/chart/everything-values.yaml",
                "--show-only",
                "templates/monitoring.yaml"));
    String taken = apply(home, rendered);
    assertTrue(taken.contains("servicemonitor.monitoring.coreos.com/belay created"), taken);
    assertTrue(taken.contains("prometheusrule.monitoring.coreos.com/belay created"), taken);
    // The API server would say so if a field were not the operator's.
    for (String wrong :
        List.of(
            rendered.replace("interval: ", "intervall: "),
            rendered.replace("expr: ", "expression: "))) {
      assertNotEquals(rendered, wrong);
      KubectlFailed refused = assertThrows(KubectlFailed.class, () -> apply(home, wrong));
      assertTrue(String.valueOf(refused.getMessage()).contains("unknown field"), refused::toString);
    }
  }

  /** As an API server takes it that refuses whatever it does not know. */
  private String apply(ClusterNamespace home, String rendered) {
    return home.kubectl(
        "apply",
        "--validate=strict",
        "-f",
        Programs.write(folder, "monitoring.yaml", rendered).toString());
  }

  /** Where the operator's own definitions are; skips the calling test where they cannot be had. */
  private static Path definitions() throws IOException, InterruptedException {
    Process script =
        new ProcessBuilder("bash", "src/test/monitoring/definitions.sh")
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String folder =
        new String(script.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    Assumptions.assumeTrue(
        script.waitFor() == 0,
        "no definitions of ServiceMonitor and PrometheusRule: src/test/monitoring/definitions.sh"
            + " says why; it needs Go 1.26 and the Go module proxy");
    return Path.of(folder);
  }

  @Test
  void aWholeRollbackNeedsNoMoreThanTheRightsOfTheChart() throws Exception {
    ClusterNamespace shop = new ClusterNamespace(ControlPlane.shared(), "shop");
    ClusterNamespace home = installed(shop);
    try (BelayProcess belay = running(home)) {
      try {
        Eventually.holds("all rights are there", SOON, () -> ready().contains("[+]rights ok"));
        assertTrue(check().contains("no errors"));
        awaitKnownGood();
        shop.setImage("covet-app", "covet/app:crash-2");
        Eventually.holds(
            "covet is rolled back",
            SOON,
            () -> annotations(shop, "deployment/covet-app").contains("belay.dev/action"));
        shop.awaitRollout("covet-app");
        assertEquals(Covet.V1, image(shop));

        Http.post(
            port,
            "/api/v2/alerts",
            "[{\"labels\":{\"alertname\":\"HighLatency\",\"app\":\"cart\"}}]");
        Eventually.holds(
            "the flag is set",
            SOON,
            () -> annotations(shop, "configmap/cart-config").contains("belay.dev/action"));
        Eventually.holds(
            "the limit is applied",
            SOON,
            () -> shop.kubectl("get", "configmaps", "-o", "name").contains("cart-limit"));
      } catch (AssertionError e) {
        throw belay.told(e);
      }
    }
  }

  @Test
  void oneRightLessIsNamedAtTheStartAndRefusedInTheEnd() throws Exception {
    ClusterNamespace shop = new ClusterNamespace(ControlPlane.shared(), "shop");
    ClusterNamespace home = installed(shop);
    // The right to patch the Deployment is gone, all others stay.
    JsonNode role = JsonMapper.shared().readTree(shop.kubectl("get", "role/belay", "-o", "json"));
    int patch = -1;
    for (int i = 0; i < role.path("rules").size(); i++) {
      String rule = role.path("rules").path(i).toString();
      patch = rule.contains("\"deployments\"") && rule.contains("\"patch\"") ? i : patch;
    }
    shop.kubectl(
        "patch",
        "role/belay",
        "--type=json",
        "-p",
        "[{\"op\":\"remove\",\"path\":\"/rules/" + patch + "\"}]");
    try (BelayProcess belay = running(home)) {
      try {
        String sentence =
            "[+]rights degraded: covet: Belay may not patch deployments.apps/covet-app in namespace"
                + " "
                + shop.name()
                + "; grant it what belay rbac prints\n";
        Eventually.holds("the right is missed", SOON, () -> ready().contains(sentence));
        AssertionError failure = assertThrows(AssertionError.class, this::check);
        assertTrue(
            String.valueOf(failure.getMessage()).contains("may not patch"), failure::toString);
        awaitKnownGood();
        shop.setImage("covet-app", "covet/app:crash-2");
        Eventually.holds(
            "the rollback is refused",
            SOON,
            () -> Http.get(port, "/api/v1/decisions").orElse("").contains("\"forbidden\""));
        assertFalse(annotations(shop, "deployment/covet-app").contains("belay.dev/action"));
        assertTrue(belay.logTail().contains("Belay may not patch"), belay::logTail);
      } catch (AssertionError e) {
        throw belay.told(e);
      }
    }
  }

  private final int port = FreePort.next();

  /** The chart, installed for rules about that namespace into a fresh one. */
  private ClusterNamespace installed(ClusterNamespace shop) {
    shop.createDeployment("covet-app", 1, Covet.V1);
    shop.createDeployment("cart", 1, "cart/app:v1");
    shop.kubectl("create", "configmap", "cart-config", "--from-literal=ANALYTICS=true");
    writeRules(shop.name());
    Path values = Programs.write(folder, "values.yaml", rbac(folder.resolve("rules")));
    ClusterNamespace home = new ClusterNamespace(ControlPlane.shared(), "belay");
    home.kubectl("label", "namespace", home.name(), "pod-security.kubernetes.io/warn=restricted");
    String rendered = template(home.name(), List.of("--values", values.toString()));
    String applied =
        ControlPlane.shared()
            .kubectl("apply", "-f", Programs.write(folder, "rendered.yaml", rendered).toString());
    assertTrue(applied.contains("deployment.apps/belay created"), applied);
    assertFalse(applied.contains("Warning"), applied);
    return home;
  }

  /** Belay as the chart's service account, with the configuration of the chart's ConfigMap. */
  private BelayProcess running(ClusterNamespace home) throws IOException {
    String token = home.kubectl("create", "token", "belay").strip();
    String admin = Files.readString(ControlPlane.shared().kubeconfig());
    Programs.write(folder, "kubeconfig", admin.replace("admin-token", token));
    String config =
        home.kubectl("get", "configmap/belay-config", "-o", "jsonpath={.data.belay\\.yml}");
    assertTrue(config.contains("/run/secrets/belay-token/token"), config);
    // What a pod has elsewhere than this machine.
    String here =
        config
                .replace("0.0.0.0:9096", "127.0.0.1:" + port)
                .replace("/etc/belay/rules", folder.resolve("mounted").toString())
                .replace("/var/lib/belay/journal", folder.resolve("journal").toString())
                .replaceFirst("(?s)auth:\\n.*?\\n(?=\\w)", "")
                .replace("format: json", "format: text")
                .replace("shutdown_delay: 5s", "shutdown_delay: 0s")
                .replace("mode: observe", "mode: act")
            + "\ncluster:\n  kubeconfig: kubeconfig\n  poll: 1s\n";
    mount(home);
    return opened.keep(BelayProcess.start(Programs.write(folder, "belay.yml", here), port));
  }

  /** The rule files where the pod would have them, from the ConfigMap by the Deployment's items. */
  private void mount(ClusterNamespace home) {
    JsonNode data =
        JsonMapper.shared()
            .readTree(home.kubectl("get", "configmap/belay-rules", "-o", "json"))
            .path("data");
    JsonNode items =
        JsonMapper.shared()
            .readTree(
                home.kubectl(
                    "get",
                    "deployment/belay",
                    "-o",
                    "jsonpath={.spec.template.spec.volumes[?(@.name=='rules')].configMap.items}"));
    assertEquals(4, items.size(), items::toString);
    for (JsonNode item : items) {
      Path file = folder.resolve("mounted").resolve(item.path("path").asString());
      Programs.write(
          Optional.ofNullable(file.getParent()).orElse(folder),
          String.valueOf(file.getFileName()),
          data.path(item.path("key").asString()).asString());
    }
  }

  private void writeRules(String namespace) {
    Path rules = folder.resolve("rules");
    Programs.write(
        rules,
        "covet.yml",
        """
        service: covet
        workload: deployment/%1$s/covet-app
        match: { namespace: %1$s, deployment: covet-app }
        remediations:
          - name: bad-release
            when: [ 'alertname="DeploymentCrashLooping"' ]
            blame: { release: 10m }
            mode: act
            ladder:
              - rollback: { to: last-good }
                verify: 30s
        soak: 3s
        """
            .formatted(namespace));
    Programs.write(
        rules,
        "cart.yml",
        """
        service: cart
        workload: deployment/%1$s/cart
        match: { app: cart }
        remediations:
          - name: overload
            when: [ 'alertname="HighLatency"' ]
            mode: act
            ladder:
              - flags: { config_map: cart-config, set: { ANALYTICS: "false" } }
                lease: 30m
                verify: 1s
              - rate_limit: { apply: limits/cart.yml }
                lease: 30m
                verify: 1m
        """
            .formatted(namespace));
    Programs.write(
        rules.resolve("limits"),
        "cart.yml",
        """
        apiVersion: v1
        kind: ConfigMap
        metadata: { name: cart-limit, namespace: %s }
        data: { limit: "20" }
        """
            .formatted(namespace));
    Covet.writeRolloutAlerts(rules);
  }

  /** Asks the cluster beforehand, without a daemon. */
  private String check() {
    return belay(
        "check",
        folder.resolve("rules").toString(),
        "--config",
        folder.resolve("belay.yml").toString(),
        "--cluster");
  }

  private static String rbac(Path rules) {
    return belay("rbac", rules.toString(), "--format", "helm");
  }

  private static String belay(String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "dev.belay.cli.Main"));
    command.addAll(List.of(arguments));
    return Programs.output(
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD));
  }

  private static String template(String namespace, List<String> more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "template",
                "belay",
                "charts/belay",
                "--kube-version",
                "1.37.0",
                "--namespace",
                namespace));
    arguments.addAll(more);
    return Helm.run(arguments.toArray(String[]::new));
  }

  private static String refusal(String... more) {
    return String.valueOf(
        assertThrows(AssertionError.class, () -> template("belay", List.of(more))).getMessage());
  }

  private static void assertGolden(String name, String rendered) throws IOException {
    Path target = Path.of("target", "chart-" + name);
    Files.createDirectories(Path.of("target"));
    Files.writeString(target, rendered);
    assertEquals(
        Files.readString(GOLDEN.resolve(name)),
        rendered,
        () -> "where this is as it should be: cp " + target + " " + GOLDEN.resolve(name));
  }

  private void awaitKnownGood() {
    Eventually.holds(
        "what runs is known good",
        SOON,
        () -> Http.get(port, "/api/v1/services").orElse("").contains("\"judgement\":\"good\""));
  }

  private String ready() {
    return Http.get(port, "/readyz?verbose").orElse("");
  }

  private static String annotations(ClusterNamespace shop, String object) {
    return shop.kubectl("get", object, "-o", "jsonpath={.metadata.annotations}");
  }

  private static String image(ClusterNamespace shop) {
    return shop.kubectl(
        "get", "deployment/covet-app", "-o", "jsonpath={.spec.template.spec.containers[0].image}");
  }
}
