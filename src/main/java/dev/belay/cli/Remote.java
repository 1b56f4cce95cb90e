package dev.belay.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A daemon that is running somewhere, as commands speak to it: over its HTTP API. */
final class Remote {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Pattern TOKEN = Pattern.compile("[!-~]+");

  @Option(
      names = "--url",
      paramLabel = "URL",
      defaultValue = "${env:BELAY_URL:-http://127.0.0.1:9096}",
      description = "where Belay listens (default: BELAY_URL, or http://127.0.0.1:9096)")
  private String url = "http://127.0.0.1:9096";

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = "a file with the bearer token (default: the variable BELAY_TOKEN)")
  private Optional<Path> tokenFile = Optional.empty();

  @Option(
      names = "--user",
      paramLabel = "NAME",
      description = "the user whose password is in the variable BELAY_PASSWORD")
  private Optional<String> user = Optional.empty();

  /** The daemon cannot be asked, or said no; the message is for people. */
  static sealed class Refused extends Exception permits Unanswered {
    private static final long serialVersionUID = 1;

    Refused(String message) {
      super(message);
    }
  }

  /** No answer came, or none that a daemon at work would give; a later one may. */
  static final class Unanswered extends Refused {
    private static final long serialVersionUID = 1;

    Unanswered(String message) {
      super(message);
    }
  }

  /** Where it is asked for. */
  String address() {
    return url;
  }

  /** What is at the path, as JSON. */
  JsonNode get(String path) throws Refused {
    return json(send("GET", path, "application/json", Optional.empty()));
  }

  /** What is at the path, as text. */
  String text(String path, String mediaType) throws Refused {
    return send("GET", path, mediaType, Optional.empty());
  }

  /** What is answered to this. */
  JsonNode post(String path, Object body) throws Refused {
    return change("POST", path, body);
  }

  /** The sentence that is answered to this, for a terminal. */
  String said(String path, Object body) throws Refused {
    return Terminal.line(post(path, body).path("said").asString(""));
  }

  /** What is answered to the end of it. */
  JsonNode delete(String path, Object body) throws Refused {
    return change("DELETE", path, body);
  }

  private JsonNode change(String method, String path, Object body) throws Refused {
    return json(send(method, path, "application/json", Optional.of(JSON.writeValueAsString(body))));
  }

  /** A part of a path, or a parameter's value. */
  static String segment(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private String send(String method, String path, String accept, Optional<String> body)
      throws Refused {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(base() + path))
            .timeout(PATIENCE)
            .header("Accept", accept)
            .method(
                method,
                body.map(HttpRequest.BodyPublishers::ofString)
                    .orElseGet(HttpRequest.BodyPublishers::noBody));
    body.ifPresent(_ -> request.header("Content-Type", "application/json"));
    authorization().ifPresent(value -> request.header("Authorization", value));
    // An upgrade to HTTP/2 would be one answer more to wait for, which a daemon that starts anew
    // may not give.
    try (HttpClient client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PATIENCE)
            .build()) {
      HttpResponse<String> answer =
          client.send(request.build(), HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() != 200) {
        throw answer.statusCode() >= 500
            ? new Unanswered(refusal(answer))
            : new Refused(refusal(answer));
      }
      return answer.body();
    } catch (ConnectException | HttpConnectTimeoutException e) {
      throw new Unanswered(
          "no Belay answers at "
              + url
              + " ("
              + e.getClass().getSimpleName()
              + "); is it running, and is --url or BELAY_URL right?");
    } catch (IOException e) {
      throw new Unanswered(
          url
              + " was asked, and the answer did not come ("
              + e.getClass().getSimpleName()
              + ")"
              + (method.equals("GET")
                  ? "; ask again"
                  : "; what you asked for may have been done, so look before you ask again"));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Refused("interrupted");
    }
  }

  /** The address without what a path follows. */
  private String base() throws Refused {
    String base = url.strip().replaceAll("/+$", "");
    try {
      URI address = URI.create(base);
      if (address.getHost() != null && String.valueOf(address.getScheme()).matches("https?")) {
        return base;
      }
    } catch (IllegalArgumentException e) {
      // Says the same as what follows, in words of Java's.
    }
    throw new Refused("--url: " + url + " is no address such as http://belay:9096");
  }

  private Optional<String> authorization() throws Refused {
    if (user.isPresent()) {
      String password =
          variable("BELAY_PASSWORD")
              .orElseThrow(
                  () -> new Refused("--user: put the user's password into BELAY_PASSWORD"));
      return Optional.of(
          "Basic "
              + Base64.getEncoder()
                  .encodeToString((user.get() + ":" + password).getBytes(StandardCharsets.UTF_8)));
    }
    try {
      Optional<String> token =
          tokenFile.map(Remote::token).or(() -> variable("BELAY_TOKEN")).map(String::strip);
      if (token.isPresent() && !TOKEN.matcher(token.get()).matches()) {
        throw new Refused("the token is no single word of printable ASCII characters");
      }
      return token.map(word -> "Bearer " + word);
    } catch (UncheckedIOException e) {
      String file = tokenFile.map(Path::toString).orElse("");
      throw new Refused(
          e.getCause() instanceof NoSuchFileException
              ? "--token-file: there is no file " + file + "; check the path"
              : "--token-file: " + file + " cannot be read; check its rights");
    }
  }

  private static Optional<String> variable(String name) {
    return Optional.ofNullable(System.getenv(name)).filter(value -> !value.isEmpty());
  }

  private static String token(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String refusal(HttpResponse<String> answer) {
    if (answer.statusCode() == 401) {
      return url
          + (answer.request().headers().map().containsKey("Authorization")
              ? " does not know what you gave: the token or password is wrong, or no longer valid"
              : " does not know you: give --token-file or BELAY_TOKEN, or --user with"
                  + " BELAY_PASSWORD");
    }
    String sentence = error(answer.body());
    return sentence.isEmpty() ? url + " answers HTTP " + answer.statusCode() : sentence;
  }

  private static String error(String body) {
    try {
      return JSON.readTree(body).path("error").asString("");
    } catch (JacksonException e) {
      return "";
    }
  }

  private static JsonNode json(String body) throws Refused {
    try {
      return JSON.readTree(body);
    } catch (JacksonException e) {
      throw new Refused("what answers there is no Belay: it sends no JSON");
    }
  }
}
