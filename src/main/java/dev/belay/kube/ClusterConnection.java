package dev.belay.kube;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How Belay connects to a cluster. */
final class ClusterConnection {
  private ClusterConnection() {}

  /**
   * As {@link FabricCluster#connect} has it. Repeats nothing on its own: whether to try again is
   * for the one who knows what the request does.
   */
  static KubernetesClient open(
      Optional<Path> kubeconfig, Optional<String> context, Duration timeout) {
    Config config =
        new ConfigBuilder(read(kubeconfig, context.orElse(null)))
            .withRequestRetryBackoffLimit(0)
            .withConnectionTimeout(Math.toIntExact(timeout.toMillis() / 2))
            .withRequestTimeout(Math.toIntExact(timeout.toMillis()))
            .withUserAgent("belay/" + version())
            .build();
    return new KubernetesClientBuilder().withConfig(config).build();
  }

  private static Config read(Optional<Path> kubeconfig, @Nullable String context) {
    if (kubeconfig.isEmpty()) {
      return Config.autoConfigure(context);
    }
    Path file = kubeconfig.get();
    if (!Files.isReadable(file)) {
      throw new IllegalArgumentException(
          "kubeconfig "
              + file
              + ": there is no such file, or Belay may not read it;"
              + " correct kubeconfig under cluster in the configuration");
    }
    Config config = Config.fromKubeconfig(context, file.toFile());
    if (context != null && config.getCurrentContext() == null) {
      throw new IllegalArgumentException("kubeconfig " + file + ": has no context " + context);
    }
    return config;
  }

  /** The address, without credentials, and what it was taken from. */
  static String where(Config config) {
    String server = config.getMasterUrl().replaceFirst("//[^/@]*@", "//").replaceFirst("/$", "");
    if (config.getFile() == null) {
      return server + " (no kubeconfig: a pod's service account or the environment)";
    }
    String context =
        Optional.ofNullable(config.getCurrentContext())
            .map(named -> ", context " + named.getName())
            .orElse("");
    return server + " (kubeconfig " + config.getFile() + context + ")";
  }

  private static String version() {
    String version = ClusterConnection.class.getPackage().getImplementationVersion();
    return version == null ? "dev" : version;
  }
}
