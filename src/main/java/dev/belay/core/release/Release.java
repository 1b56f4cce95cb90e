package dev.belay.core.release;

import java.time.Instant;
import java.util.Optional;

/**
 * Somebody shipped something: one release event, made uniform.
 *
 * @param id unique with {@code source}; a redelivery carries the same
 * @param source who says so: a pipeline, a URI
 * @param service the service's name as the sender knows it
 * @param environment the environment's name as the sender knows it, or empty
 * @param change what happened to the service
 * @param version a version, tag or package URL, where it is known
 * @param image the container image, where it is known
 * @param startedAt when it began; where the sender knows only the end, the end
 * @param finishedAt when it was done; empty while it is under way
 * @param actor who shipped it, where it is known
 * @param sighting what the cluster shows of it, where Belay itself saw it there; early versions did
 *     not keep that
 */
public record Release(
    String id,
    String source,
    String service,
    String environment,
    Change change,
    Optional<String> version,
    Optional<String> image,
    Instant startedAt,
    Optional<Instant> finishedAt,
    Optional<String> actor,
    Optional<Sighting> sighting) {

  /** What a release event says happened. */
  public enum Change {
    DEPLOYED,
    UPGRADED,
    ROLLED_BACK,
    REMOVED
  }

  /** What somebody says, of which nothing was seen yet. */
  public Release(
      String id,
      String source,
      String service,
      String environment,
      Change change,
      Optional<String> version,
      Optional<String> image,
      Instant startedAt,
      Optional<Instant> finishedAt,
      Optional<String> actor) {
    this(
        id,
        source,
        service,
        environment,
        change,
        version,
        image,
        startedAt,
        finishedAt,
        actor,
        Optional.empty());
  }

  /** Who spoke of it first, and by which name. */
  public Announcement announcement() {
    return new Announcement(id, source);
  }

  /** The image that it names, read. */
  public Optional<ImageReference> reference() {
    return image.map(ImageReference::of);
  }

  /** What the images of two releases say of them; where one names none, nothing. */
  public ImageReference.Likeness compareImage(Release other) {
    return reference()
        .flatMap(one -> other.reference().map(one::compare))
        .orElse(ImageReference.Likeness.UNKNOWN);
  }

  /** How people call it: its version, else its image, else its id. */
  public String label() {
    return version.or(() -> image).orElse(id);
  }
}
