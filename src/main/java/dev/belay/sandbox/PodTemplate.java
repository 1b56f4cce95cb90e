package dev.belay.sandbox;

import dev.belay.core.release.TemplateDigest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A pod template as a tree of plain maps, lists, texts, numbers and booleans.
 *
 * @param tree treated as immutable by everybody
 */
record PodTemplate(Map<String, @Nullable Object> tree) {
  private static final String HASH_LABEL = "pod-template-hash";

  /** The template that {@code kubectl create deployment} makes. */
  static PodTemplate of(String app, String container, String image) {
    Map<String, @Nullable Object> tree = new LinkedHashMap<>();
    tree.put("metadata", Map.of("labels", Map.of("app", app)));
    tree.put("spec", Map.of("containers", List.of(Map.of("name", container, "image", image))));
    return new PodTemplate(tree);
  }

  String digest() {
    return TemplateDigest.of(tree);
  }

  /** Its containers' images, in order. */
  List<String> images() {
    return containers().stream().map(each -> Objects.toString(each.get("image"))).toList();
  }

  /** Whether the two are the same for the Deployment controller: equal but for the hash label. */
  boolean sameAs(PodTemplate other) {
    return withoutHash().tree.equals(other.withoutHash().tree);
  }

  PodTemplate withoutHash() {
    return edited(
        tree,
        "metadata",
        metadata -> editedMap(metadata, "labels", labels -> labels.remove(HASH_LABEL)));
  }

  PodTemplate withHash(String hash) {
    return edited(
        tree,
        "metadata",
        metadata -> editedMap(metadata, "labels", labels -> labels.put(HASH_LABEL, hash)));
  }

  PodTemplate withAnnotation(String key, String value) {
    return edited(
        tree,
        "metadata",
        metadata -> editedMap(metadata, "annotations", notes -> notes.put(key, value)));
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
    return edited(tree, "spec", spec -> spec.put("containers", containers));
  }

  private List<Map<String, @Nullable Object>> containers() {
    return tree.get("spec") instanceof Map<?, ?> spec
            && spec.get("containers") instanceof List<?> containers
        ? containers.stream().map(PodTemplate::copy).toList()
        : List.of();
  }

  private static PodTemplate edited(Map<String, @Nullable Object> tree, String key, Edit edit) {
    Map<String, @Nullable Object> copy = new LinkedHashMap<>(tree);
    editedMap(copy, key, edit);
    return new PodTemplate(copy);
  }

  private static void editedMap(Map<String, @Nullable Object> parent, String key, Edit edit) {
    Map<String, @Nullable Object> copy = copy(parent.get(key));
    edit.on(copy);
    parent.put(key, copy);
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
