package dev.belay.core.access;

import java.util.Locale;

/** What Kubernetes calls what one does to an object, in the order in which people list it. */
public enum Verb {
  GET,
  LIST,
  WATCH,
  CREATE,
  PATCH,
  DELETE;

  /** As roles have it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
