package dev.belay.core.release;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Compares two pod templates for people: what they decide on is more than images. What {@link
 * TemplateDigest} does not count is no change here either.
 */
public final class TemplateChanges {
  /** More are not told of. */
  private static final int MOST = 50;

  private static final List<String> CONTAINERS =
      List.of("containers", "initContainers", "ephemeralContainers");

  private static final int LONGEST_PATH = 200;
  private static final int LONGEST_VALUE = 100;

  private final SortedMap<String, Leaf> before = new TreeMap<>();
  private final SortedMap<String, Leaf> after = new TreeMap<>();

  /** A value, and whether everybody may see it. */
  private record Leaf(String value, boolean open) {
    String told() {
      return open ? shortened(value, LONGEST_VALUE) : TemplateChange.HIDDEN;
    }
  }

  private TemplateChanges() {}

  /**
   * What is different, images left out, in order of the paths; at most {@value #MOST}.
   *
   * @param before as plain maps, lists, texts, numbers and booleans
   * @param after the same
   */
  public static List<TemplateChange> between(
      Map<String, ? extends @Nullable Object> before,
      Map<String, ? extends @Nullable Object> after) {
    TemplateChanges both = new TemplateChanges();
    collect(before, "", "", both.before);
    collect(after, "", "", both.after);
    return both.all();
  }

  private List<TemplateChange> all() {
    Set<String> paths = new TreeSet<>(before.keySet());
    paths.addAll(after.keySet());
    List<TemplateChange> changes = new ArrayList<>();
    for (String path : paths) {
      Optional<Leaf> one = Optional.ofNullable(before.get(path));
      Optional<Leaf> other = Optional.ofNullable(after.get(path));
      if (!one.equals(other) && changes.size() < MOST) {
        changes.add(
            new TemplateChange(
                shortened(path, LONGEST_PATH), one.map(Leaf::told), other.map(Leaf::told)));
      }
    }
    return List.copyOf(changes);
  }

  /**
   * Collects.
   *
   * @param place where the value stands, as {@link TemplateDigest} has it
   * @param path the same for people
   */
  private static void collect(
      @Nullable Object value, String place, String path, SortedMap<String, Leaf> leaves) {
    switch (value) {
      case Map<?, ?> map ->
          map.forEach(
              (key, each) -> {
                String name = path.isEmpty() ? Objects.toString(key) : path + "." + key;
                String here = place + "/" + key;
                if (!TemplateDigest.ignored(here) && !isImage(name)) {
                  collect(each, here, name, leaves);
                }
              });
      case List<?> list ->
          elements(list).forEach((name, each) -> collect(each, place + "[]", path + name, leaves));
      case String text -> leaves.put(path, new Leaf(text, open(path)));
      case null -> {}
      default -> leaves.put(path, new Leaf(value.toString(), true));
    }
  }

  /**
   * By their names where they have one each, so that one more in front does not change them all.
   */
  private static Map<String, @Nullable Object> elements(List<?> list) {
    Map<String, @Nullable Object> named = new LinkedHashMap<>();
    for (int i = 0; i < list.size(); i++) {
      Object each = list.get(i);
      Object name = each instanceof Map<?, ?> map ? map.get("name") : null;
      String key = "[" + (name instanceof String text ? text : Integer.toString(i)) + "]";
      named.put(named.containsKey(key) ? "[" + i + "]" : key, each);
    }
    return named;
  }

  private static boolean open(String path) {
    return CONTAINERS.stream()
        .map(list -> ofContainer(path, list))
        .anyMatch(rest -> rest.equals(".image") || rest.startsWith(".resources."));
  }

  /**
   * What follows a container's own path; empty where it is none. A container's name has no bracket
   * and no point, while those of variables and annotations may have any.
   */
  private static String ofContainer(String path, String list) {
    String head = "spec." + list + "[";
    int end = path.indexOf(']');
    return path.startsWith(head) && end > 0 ? path.substring(end + 1) : "";
  }

  /** Of these a plan tells by itself. */
  private static boolean isImage(String path) {
    return ofContainer(path, "containers").equals(".image");
  }

  private static String shortened(String text, int longest) {
    return text.length() <= longest ? text : text.substring(0, longest - 1) + "…";
  }
}
