package dev.belay.rules;

import dev.belay.core.release.Shipper;
import dev.belay.rules.yaml.Fields;
import dev.belay.rules.yaml.Quoted;
import dev.belay.rules.yaml.Unreadable;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reads by which names tools announce a service. */
final class Announcements {
  private static final List<String> KEYS = Stream.of(Shipper.values()).map(Shipper::key).toList();

  private static final Pattern REPOSITORY =
      Pattern.compile("[A-Za-z0-9][-A-Za-z0-9_]{0,99}/[-._A-Za-z0-9]{1,100}");

  private Announcements() {}

  static Map<Shipper, String> read(Fields top) {
    Map<Shipper, String> names = new EnumMap<>(Shipper.class);
    top.fields("announced_as", KEYS)
        .ifPresent(
            fields -> {
              for (Shipper by : Shipper.values()) {
                fields.read(by.key(), text -> thing(by, text)).ifPresent(it -> names.put(by, it));
              }
            });
    return Map.copyOf(names);
  }

  private static String thing(Shipper by, String text) throws Unreadable {
    return switch (by) {
      case ARGOCD -> Names.object(text);
      case FLUX -> object(text);
      case GITHUB -> repository(text);
    };
  }

  private static String object(String text) throws Unreadable {
    String[] parts = text.split("/", -1);
    if (parts.length != 3
        || !(parts[0].equals("kustomization") || parts[0].equals("helmrelease"))) {
      throw new Unreadable(
          Quoted.of(text)
              + " is no object that Flux releases by; write it as kustomization/NAMESPACE/NAME or"
              + " helmrelease/NAMESPACE/NAME");
    }
    return parts[0] + "/" + Names.namespace(parts[1]) + "/" + Names.object(parts[2]);
  }

  private static String repository(String text) throws Unreadable {
    if (!REPOSITORY.matcher(text).matches()) {
      throw new Unreadable(
          Quoted.of(text) + " is no repository; write it as OWNER/NAME, such as acme/covet");
    }
    return text.toLowerCase(Locale.ROOT);
  }
}
