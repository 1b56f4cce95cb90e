package dev.belay.core.release;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A container image as it is written, read by the grammar of container engines: {@code x} is {@code
 * docker.io/library/x:latest}. A pod and a pipeline seldom write the same image alike.
 *
 * @param repository with its registry
 * @param tag the tag; without a digest there always is one
 * @param digest the digest of its content
 * @param bare whether it was written without registry and path; it may then mean any repository of
 *     that name, as a package URL without {@code repository_url} does
 */
public record ImageReference(
    String repository, Optional<String> tag, Optional<String> digest, boolean bare) {
  private static final String REGISTRY = "docker.io";

  /** The name that {@value #REGISTRY} once had. */
  private static final String OLD_REGISTRY = "index.docker.io";

  private static final String NAMESPACE = "library/";
  private static final String TAG = "latest";

  /** What two references say of their images. */
  public enum Likeness {
    SAME,
    OTHER,
    /** One names a tag, the other a digest, or nobody knows which repository one means. */
    UNKNOWN
  }

  /** Reads any text; what no engine would take is the same only as what is written like it. */
  public static ImageReference of(String text) {
    int at = text.indexOf('@');
    String tagged = at < 0 ? text : text.substring(0, at);
    Optional<String> digest = at < 0 ? Optional.empty() : Optional.of(text.substring(at + 1));
    int colon = tagged.lastIndexOf(':');
    boolean hasTag = colon > tagged.lastIndexOf('/');
    String name = hasTag ? tagged.substring(0, colon) : tagged;
    return new ImageReference(
        expanded(name),
        tag(hasTag ? tagged.substring(colon + 1) : "", digest),
        digest,
        name.indexOf('/') < 0);
  }

  private static Optional<String> tag(String written, Optional<String> digest) {
    if (written.isEmpty()) {
      return digest.isPresent() ? Optional.empty() : Optional.of(TAG);
    }
    return Optional.of(written);
  }

  private static String expanded(String name) {
    int slash = name.indexOf('/');
    String head = slash < 0 ? "" : name.substring(0, slash);
    boolean registry = isRegistry(head);
    String host = !registry || head.equals(OLD_REGISTRY) ? REGISTRY : head;
    String path = registry ? name.substring(slash + 1) : name;
    boolean official = host.equals(REGISTRY) && path.indexOf('/') < 0;
    return host + "/" + (official ? NAMESPACE : "") + path;
  }

  /** Whether the first part of a name is a host, and no part of a path. */
  private static boolean isRegistry(String head) {
    return head.indexOf('.') >= 0
        || head.indexOf(':') >= 0
        || head.equals("localhost")
        || !head.equals(head.toLowerCase(Locale.ROOT));
  }

  /** Whether the other means the same image. */
  public Likeness compare(ImageReference other) {
    if (digest.isPresent() && other.digest.isPresent()) {
      // A digest is of the content, wherever that lies.
      return digest.equals(other.digest) ? Likeness.SAME : Likeness.OTHER;
    }
    if (!mayShareRepository(other)) {
      return Likeness.OTHER;
    }
    if (tag.isEmpty() || other.tag.isEmpty()) {
      return Likeness.UNKNOWN;
    }
    if (!tag.equals(other.tag)) {
      return Likeness.OTHER;
    }
    return repository.equals(other.repository) ? Likeness.SAME : Likeness.UNKNOWN;
  }

  private boolean mayShareRepository(ImageReference other) {
    return repository.equals(other.repository)
        || ((bare || other.bare) && lastPart().equals(other.lastPart()));
  }

  /** Whether the two are certainly not the same, and not since they are of two repositories. */
  public boolean isAnotherVersionOf(ImageReference other) {
    return compare(other) == Likeness.OTHER && mayShareRepository(other);
  }

  /**
   * What two references that mean the same image say together: one may name the repository and a
   * tag, the other the digest.
   */
  public ImageReference with(ImageReference other) {
    boolean otherKnowsMore = bare && !other.bare;
    return new ImageReference(
        otherKnowsMore ? other.repository : repository,
        tag.or(other::tag),
        digest.or(other::digest),
        bare && other.bare);
  }

  /** As engines write it in full; a repository of which only the name is known by that. */
  @Override
  public String toString() {
    return (bare ? lastPart() : repository)
        + tag.map(":"::concat).orElse("")
        + digest.map("@"::concat).orElse("");
  }

  private String lastPart() {
    return repository.substring(repository.lastIndexOf('/') + 1);
  }

  /** What it can be found by: two that are the same have one of these in common. */
  public List<String> keys() {
    return Stream.concat(digest.stream(), tag.map(each -> repository + ":" + each).stream())
        .toList();
  }

  /** What one image says of several of which it may be one. */
  public Likeness compare(List<String> images) {
    List<Likeness> each = images.stream().map(image -> compare(of(image))).toList();
    if (each.contains(Likeness.SAME)) {
      return Likeness.SAME;
    }
    return each.contains(Likeness.UNKNOWN) ? Likeness.UNKNOWN : Likeness.OTHER;
  }
}
