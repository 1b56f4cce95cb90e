package dev.belay.core.release;

import java.util.Locale;

/** A tool that ships, and speaks of what it shipped by names of its own. */
public enum Shipper {
  /** Its things are applications: {@code NAME}. */
  ARGOCD,
  /** Its things are objects: {@code kustomization/NAMESPACE/NAME}, {@code helmrelease/...}. */
  FLUX,
  /** Its things are repositories: {@code owner/repository}, in lower case. */
  GITHUB;

  /** How it is written in rules, in the configuration and for people. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }
}
