package dev.belay.kube;

import dev.belay.port.ClusterUnavailable;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/** The API server's HTTP, each request sent once and waited for within a bound. */
final class Api {
  static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  /** Metadata only: the contents, which may be secrets, never come here. */
  private static final String METADATA =
      "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1";

  private static final String METADATA_LIST =
      "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";

  private static final int PAGE = 500;

  private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9.:]{0,251}[a-z0-9])?");

  private final KubernetesClient client;
  private final Duration timeout;

  Api(KubernetesClient client, Duration timeout) {
    this.client = client;
    this.timeout = timeout;
  }

  /**
   * Reads the object at a path.
   *
   * @return empty where there is none
   * @throws Forbidden where Belay may not read it
   * @throws ClusterUnavailable where no trustworthy answer was had
   */
  Optional<KubeObject> read(String path) {
    return read(path, "application/json");
  }

  /**
   * Reads a page of a list.
   *
   * @throws Forbidden where Belay may not list it
   * @throws ClusterUnavailable where no trustworthy answer was had
   */
  JsonNode list(String path) {
    return list(path, "application/json");
  }

  /**
   * Reads a whole list, page by page, and hands on each of its items as soon as its page is there.
   *
   * @param path of the list; may have a query
   * @throws Forbidden where Belay may not list it
   * @throws ClusterUnavailable where no trustworthy answer was had
   */
  void each(String path, Consumer<KubeObject> taken) {
    each(path, "application/json", taken);
  }

  /** {@link #each} for those who need no more of each item than its metadata. */
  void eachMetadata(String path, Consumer<KubeObject> taken) {
    each(path, METADATA_LIST, taken);
  }

  private void each(String path, String accept, Consumer<KubeObject> taken) {
    String limited = path + (path.contains("?") ? "&" : "?") + "limit=" + PAGE;
    Optional<String> from = Optional.of("");
    while (from.isPresent()) {
      String next = from.get();
      JsonNode page = list(limited + (next.isEmpty() ? "" : "&continue=" + query(next)), accept);
      page.path("items").forEach(item -> taken.accept(new KubeObject(item)));
      from =
          Optional.of(page.path("metadata").path("continue").asString(""))
              .filter(text -> !text.isEmpty());
    }
  }

  private JsonNode list(String path, String accept) {
    return read(path, accept)
        .map(KubeObject::json)
        .orElseThrow(() -> new ClusterUnavailable("listing " + path + ": HTTP 404"));
  }

  /** {@link #read} for those who need to know only that it is there. */
  boolean exists(String path) {
    return read(path, METADATA).isPresent();
  }

  private Optional<KubeObject> read(String path, String accept) {
    return switch (send(request("GET", path, "", "").setHeader("Accept", accept))) {
      case Answer.Of answer when answer.successful() && answer.body().isObject() ->
          Optional.of(new KubeObject(answer.body()));
      case Answer.Of(int code, var _) when code == 404 -> Optional.empty();
      case Answer answer -> throw unanswered("reading " + path, answer);
    };
  }

  /** What to throw where an answer is none: {@link Forbidden}, or {@link ClusterUnavailable}. */
  static RuntimeException unanswered(String doing, Answer answer) {
    return switch (answer) {
      case Answer.Of of when of.code() == 401 || of.code() == 403 ->
          new Forbidden(doing + ": " + of.message());
      case Answer.Of of -> new ClusterUnavailable(doing + ": " + of.message());
      case Answer.Unsent(String why) -> new ClusterUnavailable(doing + ": " + why);
      case Answer.Lost(String why) -> new ClusterUnavailable(doing + ": " + why);
    };
  }

  Answer patch(String path, JsonPatch patch, boolean dryRun) {
    return send(
        request("PATCH", path + writing(dryRun), JsonPatch.MEDIA_TYPE, patch.toString())
            .setHeader("Accept", "application/json"));
  }

  /** Server-side apply, without force. */
  Answer apply(String path, JsonNode object, boolean dryRun) {
    return send(
        request("PATCH", path + writing(dryRun), "application/apply-patch+yaml", object.toString())
            .setHeader("Accept", "application/json"));
  }

  Answer post(String path, JsonNode object) {
    return send(
        request("POST", path, "application/json", object.toString())
            .setHeader("Accept", "application/json"));
  }

  /** Deletes the object while it is still as it was read. */
  Answer delete(String path, KubeObject live, boolean dryRun) {
    var options = JSON.createObjectNode();
    options.put("apiVersion", "v1").put("kind", "DeleteOptions");
    options
        .putObject("preconditions")
        .put("uid", live.uid())
        .put("resourceVersion", live.resourceVersion());
    if (dryRun) {
      // Where there is a body, the server does not look at the query: there, it would delete.
      options.putArray("dryRun").add("All");
    }
    return send(
        request("DELETE", path, "application/json", options.toString())
            .setHeader("Accept", "application/json"));
  }

  /**
   * A name as a segment of a path.
   *
   * @throws IllegalArgumentException where Kubernetes knows no such names; it could lead elsewhere
   */
  static String segment(String name) {
    if (!possible(name)) {
      throw new IllegalArgumentException("not a Kubernetes name: " + query(name));
    }
    return name;
  }

  /**
   * Whether something in Kubernetes can have this name. Names come from alerts, which anyone sends.
   */
  static boolean possible(String name) {
    return NAME.matcher(name).matches() && !name.contains("..");
  }

  static String query(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static String writing(boolean dryRun) {
    return "?fieldManager=" + Marks.FIELD_MANAGER + (dryRun ? "&dryRun=All" : "");
  }

  private HttpRequest.Builder request(String method, String path, String type, String body) {
    String server = client.getConfiguration().getMasterUrl();
    String url = (server.endsWith("/") ? server.substring(0, server.length() - 1) : server) + path;
    HttpRequest.Builder request = client.getHttpClient().newHttpRequestBuilder().uri(url);
    return type.isEmpty() ? request : request.method(method, type, body);
  }

  private Answer send(HttpRequest.Builder request) {
    CompletableFuture<HttpResponse<String>> response =
        client.getHttpClient().sendAsync(request.build(), String.class);
    try {
      HttpResponse<String> answer = response.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      return new Answer.Of(answer.code(), parse(answer.body()));
    } catch (TimeoutException e) {
      response.cancel(true);
      return new Answer.Lost("no answer within " + timeout);
    } catch (InterruptedException e) {
      response.cancel(true);
      Thread.currentThread().interrupt();
      return new Answer.Lost("interrupted while waiting for the answer");
    } catch (ExecutionException | CancellationException e) {
      String why = why(e);
      return neverConnected(e) ? new Answer.Unsent(why) : new Answer.Lost(why);
    }
  }

  static JsonNode parse(@Nullable String body) {
    try {
      return body == null ? MissingNode.getInstance() : JSON.readTree(body);
    } catch (JacksonException e) {
      // Something between here and the server spoke; the code alone will be judged.
      return MissingNode.getInstance();
    }
  }

  private static boolean neverConnected(@Nullable Throwable thrown) {
    return switch (thrown) {
      case null -> false;
      case ConnectException _, UnknownHostException _ -> true;
      case NoRouteToHostException _, SSLHandshakeException _ -> true;
      default -> neverConnected(thrown.getCause());
    };
  }

  private static String why(Throwable thrown) {
    Throwable cause = thrown.getCause();
    return cause == null
        ? thrown.getClass().getSimpleName() + ": " + thrown.getMessage()
        : why(cause);
  }
}
