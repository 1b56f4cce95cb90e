package dev.belay.cli;

import java.util.Optional;
import picocli.CommandLine;

/** The version, as the jar's manifest has it. */
public final class Version implements CommandLine.IVersionProvider {
  /** The version, or {@code development} where it runs from classes. */
  public static String text() {
    return Optional.ofNullable(Version.class.getPackage().getImplementationVersion())
        .orElse("development");
  }

  @Override
  public String[] getVersion() {
    return new String[] {"belay " + text()};
  }
}
