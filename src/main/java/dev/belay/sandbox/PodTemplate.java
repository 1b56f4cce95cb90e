package dev.belay.sandbox;

import dev.belay.core.release.TemplateDigest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A pod template as a tree of plain maps, lists, texts, numbers and booleans, treated as immutable
 * by everybody.
 */
final class PodTemplate {
  private static final String HASH_LABEL = "pod-template-hash";

  private final Map<String, @Nullable Object> tree;
  // Compared far more often than made.
  private final Map<String, @Nullable Object> withoutHash;
  private final String digest;

  private PodTemplate(Map<String, @Nullable Object> tree) {
    this.tree = tree;
    this.withoutHash = inMetadata(tree, "labels", labels -> labels.remove(HASH_LABEL));
    this.digest = TemplateDigest.of(tree);
  }

  /** The template that {@code kubectl create deployment} makes. */
  static PodTemplate of(String app, String container, String image) {
    Map<String, @Nullable Object> tree = new LinkedHashMap<>();
    tree.put("metadata", Map.of("labels", Map.of("app", app)));
    tree.put("spec", Map.of("containers", List.of(Map.of("name", container, "image", image))));
    return new PodTemplate(tree);
  }

  /** The template that the tree says. */
  static PodTemplate of(Map<String, ? extends @Nullable Object> tree) {
    return new PodTemplate(copy(tree));
  }

  Map<String, @Nullable Object> tree() {
    return tree;
  }

  String digest() {
    return digest;
  }

  /** Its containers' images, in order. */
  List<String> images() {
    return containers().stream().map(each -> Objects.toString(each.get("image"))).toList();
  }

  /** Whether the two are the same for the Deployment controller: equal but for the hash label. */
  boolean sameAs(PodTemplate other) {
    return withoutHash.equals(other.withoutHash);
  }

  PodTemplate withoutHash() {
    return new PodTemplate(withoutHash);
  }

  PodTemplate withHash(String hash) {
    return new PodTemplate(inMetadata(tree, "labels", labels -> labels.put(HASH_LABEL, hash)));
  }

  PodTemplate withAnnotation(String key, String value) {
    return new PodTemplate(inMetadata(tree, "annotations", notes -> notes.put(key, value)));
  }

  /**
   * This template with another image.
   *
   * @throws IllegalArgumentException where there is no such container
   */
  PodTemplate withImage(String container, String image) {
    List<Map<String, @Nullable Object>> containers = new ArrayList<>();
    boolean found = false;
    for (Map<String, @Nullable Object> each : containers()) {
      Map<String, @Nullable Object> copy = new LinkedHashMap<>(each);
      if (container.equals(copy.get("name"))) {
        copy.put("image", image);
        found = true;
      }
      containers.add(copy);
    }
    if (!found) {
      throw new IllegalArgumentException(
          "error: unable to find container named \"" + container + "\"");
    }
    Map<String, @Nullable Object> spec = copy(tree.get("spec"));
    spec.put("containers", containers);
    Map<String, @Nullable Object> edited = new LinkedHashMap<>(tree);
    edited.put("spec", spec);
    return new PodTemplate(edited);
  }

  private List<Map<String, @Nullable Object>> containers() {
    return tree.get("spec") instanceof Map<?, ?> spec
            && spec.get("containers") instanceof List<?> containers
        ? containers.stream().map(PodTemplate::copy).toList()
        : List.of();
  }

  /** A copy in which one map of the metadata is edited. */
  private static Map<String, @Nullable Object> inMetadata(
      Map<String, @Nullable Object> tree, String key, Edit edit) {
    Map<String, @Nullable Object> metadata = copy(tree.get("metadata"));
    Map<String, @Nullable Object> entries = copy(metadata.get(key));
    edit.on(entries);
    metadata.put(key, entries);
    Map<String, @Nullable Object> edited = new LinkedHashMap<>(tree);
    edited.put("metadata", metadata);
    return edited;
  }

  private static Map<String, @Nullable Object> copy(@Nullable Object map) {
    Map<String, @Nullable Object> copy = new LinkedHashMap<>();
    if (map instanceof Map<?, ?> entries) {
      entries.forEach((key, value) -> copy.put(Objects.toString(key), value));
    }
    return copy;
  }

  private interface Edit {
    void on(Map<String, @Nullable Object> map);
  }
}
