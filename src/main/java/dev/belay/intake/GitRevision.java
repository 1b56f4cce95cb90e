package dev.belay.intake;

import java.util.regex.Pattern;

/** How a revision of a repository is called as the version of a release. */
final class GitRevision {
  private static final Pattern VERSION = Pattern.compile("v?\\d+(\\.\\d+)+([-+.][-+.0-9A-Za-z]+)?");

  private GitRevision() {}

  /** The name of a branch or tag where it is a version, such as {@code v1.2.4}; else the commit. */
  static String version(String name, String commit) {
    return VERSION.matcher(name).matches() ? name : commit;
  }
}
