package dev.belay.controlplane;

import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.time.Instant;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A node, {@code node-1}, and what its kubelet would say of the pods on it. No container runs: what
 * becomes of a pod is written in the tag of its first container's image.
 *
 * <ul>
 *   <li>contains {@code crash}: started, and waiting in CrashLoopBackOff
 *   <li>contains {@code nopull}: never started, waiting in ImagePullBackOff
 *   <li>contains {@code unready}: runs, and its readiness probe fails
 *   <li>all others: runs and is Ready, also {@code bad}, which is what a bad release looks like
 *   <li>contains {@code after-2s}, say: the same, but two seconds after it was made
 * </ul>
 *
 * <p>Pods that are being deleted go at once.
 */
public final class FakeKubelet implements AutoCloseable {
  /** The name for {@code spec.nodeName} of pod templates. */
  public static final String NODE = "node-1";

  private static final Pattern DELAY = Pattern.compile("after-(\\d+)s");

  private final KubernetesClient client;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("fake-kubelet").factory());
  private final SharedIndexInformer<Pod> informer;

  FakeKubelet(KubernetesClient client) {
    this.client = client;
    client
        .resource(new NodeBuilder().withNewMetadata().withName(NODE).endMetadata().build())
        .create();
    informer = client.pods().inAnyNamespace().inform(new Handler());
  }

  @Override
  public void close() {
    informer.close();
    thread.shutdownNow();
  }

  private final class Handler implements ResourceEventHandler<Pod> {
    @Override
    public void onAdd(Pod pod) {
      see(pod);
    }

    @Override
    public void onUpdate(Pod before, Pod pod) {
      see(pod);
    }

    @Override
    public void onDelete(Pod pod, boolean unknown) {}
  }

  private void see(Pod pod) {
    if (!NODE.equals(pod.getSpec().getNodeName())) {
      return;
    }
    if (pod.getMetadata().getDeletionTimestamp() != null) {
      later(0, () -> client.resource(pod).withGracePeriod(0).delete());
    } else if (pod.getStatus().getContainerStatuses().isEmpty()) {
      Matcher delay = DELAY.matcher(image(pod));
      later(delay.find() ? Long.parseLong(delay.group(1)) : 0, () -> report(pod));
    }
  }

  private void later(long seconds, Runnable work) {
    var _ =
        thread.schedule(
            () -> {
              try {
                work.run();
              } catch (KubernetesClientException e) {
                // The pod has gone, or changed: another event tells of it.
              }
            },
            seconds,
            TimeUnit.SECONDS);
  }

  private void report(Pod pod) {
    String tag = image(pod);
    String status;
    if (tag.contains("crash")) {
      status = status("Running", false, waiting("CrashLoopBackOff"), 3);
    } else if (tag.contains("nopull")) {
      status = status("Pending", false, waiting("ImagePullBackOff"), 0);
    } else {
      String running = "{\"running\":{\"startedAt\":\"" + now() + "\"}}";
      status = status("Running", !tag.contains("unready"), running, 0);
    }
    client
        .pods()
        .inNamespace(pod.getMetadata().getNamespace())
        .withName(pod.getMetadata().getName())
        .subresource("status")
        .patch(
            PatchContext.of(PatchType.JSON_MERGE),
            status
                .replace("IMAGE", pod.getSpec().getContainers().getFirst().getImage())
                .replace("NAME", pod.getSpec().getContainers().getFirst().getName()));
  }

  private static String image(Pod pod) {
    String image = pod.getSpec().getContainers().getFirst().getImage();
    return image.substring(image.lastIndexOf(':') + 1);
  }

  private static String waiting(String reason) {
    return "{\"waiting\":{\"reason\":\"" + reason + "\",\"message\":\"back-off\"}}";
  }

  private static String status(String phase, boolean ready, String state, int restarts) {
    return """
    {"status": {
      "phase": "%1$s",
      "startTime": "%2$s",
      "conditions": [
        {"type": "PodScheduled", "status": "True", "lastTransitionTime": "%2$s"},
        {"type": "Initialized", "status": "True", "lastTransitionTime": "%2$s"},
        {"type": "ContainersReady", "status": "%3$s", "lastTransitionTime": "%2$s"},
        {"type": "Ready", "status": "%3$s", "lastTransitionTime": "%2$s"}
      ],
      "containerStatuses": [{
        "name": "NAME", "image": "IMAGE", "imageID": "", "ready": %4$s, "started": %4$s,
        "restartCount": %5$d, "state": %6$s
      }]
    }}
    """
        .formatted(phase, now(), ready ? "True" : "False", ready, restarts, state);
  }

  private static Instant now() {
    return Instant.now().truncatedTo(java.time.temporal.ChronoUnit.SECONDS);
  }
}
