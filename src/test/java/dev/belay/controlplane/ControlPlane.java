package dev.belay.controlplane;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/**
 * A running control plane on free loopback ports, with its data in a temporary folder and {@link
 * FakeKubelet} as its only node. Controllers for Deployments, ReplicaSets, namespaces and garbage
 * collection run; there is no scheduler, so pod templates need {@code spec.nodeName: node-1}.
 */
public final class ControlPlane implements AutoCloseable {
  /** The context of an administrator in {@link #kubeconfig}. */
  public static final String ADMIN = "admin";

  /** The context of the user {@code limited}, who may do what a test grants, in kubeconfig. */
  public static final String LIMITED = "limited";

  private static final Duration START = Duration.ofSeconds(90);

  private static @Nullable ControlPlane shared;

  private final Binaries binaries;
  private final Path folder;
  private final List<Component> components = new ArrayList<>();
  private final int port;
  private final KubernetesClient client;
  private final FakeKubelet kubelet;

  /**
   * The one that the tests of this JVM share: each test keeps to its own {@link #namespace}. It
   * ends with the JVM. Skips the calling test where no programs are at hand.
   */
  public static synchronized ControlPlane shared() {
    ControlPlane running = shared;
    if (running == null) {
      running = start();
      Runtime.getRuntime().addShutdownHook(new Thread(running::close, "control-plane-close"));
      shared = running;
    }
    return running;
  }

  /** One of the caller's own. Skips the calling test where no programs are at hand. */
  public static ControlPlane start() {
    var binaries = Binaries.find();
    Assumptions.assumeTrue(binaries.isPresent(), Binaries.HOW_TO_GET);
    try {
      return new ControlPlane(binaries.orElseThrow());
    } catch (IOException e) {
      throw new UncheckedIOException("the control plane does not start", e);
    }
  }

  private ControlPlane(Binaries binaries) throws IOException {
    this.binaries = binaries;
    folder = Files.createTempDirectory("belay-control-plane");
    port = FreePort.next();
    int etcd = FreePort.next();
    write("kubeconfig", kubeconfigText());
    write("tokens.csv", "admin-token,admin,1,system:masters\nlimited-token,limited,2\n");
    write("service-accounts.pem", privateKey());
    client = new KubernetesClientBuilder().withConfig(config(ADMIN)).build();
    try {
      startEtcd("http://127.0.0.1:" + etcd, "http://127.0.0.1:" + FreePort.next());
      startApiServer("http://127.0.0.1:" + etcd);
      Eventually.holds("the API server is ready", START, this::ready);
      startControllerManager();
      kubelet = new FakeKubelet(client);
    } catch (RuntimeException | AssertionError e) {
      components.forEach(component -> e.addSuppressed(new Throwable(component.logTail())));
      stop();
      throw e;
    }
  }

  /** A client of the administrator. Closed with the control plane. */
  public KubernetesClient client() {
    return client;
  }

  /** A file with the contexts {@link #ADMIN} (the current one) and {@link #LIMITED}. */
  public Path kubeconfig() {
    return folder.resolve("kubeconfig");
  }

  /** Makes a namespace that no other test has; its name begins with the given one. */
  public String namespace(String prefix) {
    byte[] random = new byte[3];
    ThreadLocalRandom.current().nextBytes(random);
    String name = prefix + "-" + HexFormat.of().formatHex(random);
    client
        .resource(new NamespaceBuilder().withNewMetadata().withName(name).endMetadata().build())
        .create();
    return name;
  }

  /**
   * Runs kubectl as the administrator.
   *
   * @return what it printed, standard error included
   * @throws KubectlFailed where it did not exit with 0
   */
  public String kubectl(String... arguments) {
    List<String> all = new ArrayList<>(List.of("--kubeconfig", kubeconfig().toString()));
    all.addAll(Arrays.asList(arguments));
    try {
      Process process =
          new ProcessBuilder(binaries.command("kubectl", all))
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .start();
      process.getOutputStream().close();
      String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(1, TimeUnit.MINUTES)) {
        process.destroyForcibly();
        throw new KubectlFailed("kubectl hangs: " + printed);
      }
      if (process.exitValue() != 0) {
        throw new KubectlFailed(printed);
      }
      return printed;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KubectlFailed("interrupted");
    }
  }

  /** How kubectl is called on this machine, by whoever says himself which cluster he means. */
  public List<String> kubectlProgram() {
    return binaries.command("kubectl", List.of());
  }

  /** kubectl did not exit with 0; the message is what it printed. */
  public static final class KubectlFailed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    KubectlFailed(String printed) {
      super(printed);
    }
  }

  @Override
  public void close() {
    kubelet.close();
    stop();
  }

  private void stop() {
    client.close();
    components.reversed().forEach(Component::close);
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(file -> file.delete());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void startEtcd(String clients, String peers) {
    run(
        "etcd",
        "--name=node0",
        "--data-dir=" + folder.resolve("etcd"),
        "--listen-client-urls=" + clients,
        "--advertise-client-urls=" + clients,
        "--listen-peer-urls=" + peers,
        "--initial-advertise-peer-urls=" + peers,
        "--initial-cluster=node0=" + peers,
        "--unsafe-no-fsync");
  }

  private void startApiServer(String etcd) {
    Path key = folder.resolve("service-accounts.pem");
    run(
        "kube-apiserver",
        "--etcd-servers=" + etcd,
        "--bind-address=127.0.0.1",
        "--secure-port=" + port,
        "--cert-dir=" + folder.resolve("certificates"),
        "--service-cluster-ip-range=10.0.0.0/24",
        "--allow-privileged=true",
        "--endpoint-reconciler-type=none",
        "--disable-admission-plugins=ServiceAccount",
        "--authorization-mode=RBAC",
        "--token-auth-file=" + folder.resolve("tokens.csv"),
        "--service-account-issuer=https://localhost",
        "--service-account-key-file=" + key,
        "--service-account-signing-key-file=" + key);
  }

  private void startControllerManager() {
    run(
        "kube-controller-manager",
        "--kubeconfig=" + kubeconfig(),
        "--leader-elect=false",
        "--secure-port=0",
        "--use-service-account-credentials=false",
        "--kube-api-qps=500",
        "--kube-api-burst=1000",
        "--controllers=deployment-controller,replicaset-controller,statefulset-controller,"
            + "daemonset-controller,garbage-collector-controller,namespace-controller,"
            + "endpointslice-controller");
  }

  private void run(String component, String... arguments) {
    components.add(Component.start(binaries, folder, component, Arrays.asList(arguments)));
  }

  private boolean ready() {
    components.forEach(Component::mustRun);
    try {
      return client.raw("/readyz").equals("ok")
          && client.namespaces().withName("default").get() != null;
    } catch (KubernetesClientException e) {
      return false;
    }
  }

  private Config config(String context) {
    return new ConfigBuilder(Config.fromKubeconfig(context, kubeconfig().toFile()))
        .withRequestRetryBackoffLimit(0)
        .build();
  }

  private String kubeconfigText() {
    return """
    apiVersion: v1
    kind: Config
    clusters:
      - {name: test, cluster: {server: "https://127.0.0.1:%d", insecure-skip-tls-verify: true}}
    users:
      - {name: admin, user: {token: admin-token}}
      - {name: limited, user: {token: limited-token}}
    contexts:
      - {name: admin, context: {cluster: test, user: admin}}
      - {name: limited, context: {cluster: test, user: limited}}
    current-context: admin
    """
        .formatted(port);
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
  }

  private static String privateKey() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      byte[] encoded = generator.generateKeyPair().getPrivate().getEncoded();
      String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded);
      return "-----BEGIN PRIVATE KEY-----\n" + base64 + "\n-----END PRIVATE KEY-----\n";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has RSA", e);
    }
  }
}
