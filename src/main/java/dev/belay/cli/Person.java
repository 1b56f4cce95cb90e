package dev.belay.cli;

import picocli.CommandLine.Option;

/** Who says something to a daemon. */
final class Person {
  @Option(
      names = "--as",
      paramLabel = "PERSON",
      defaultValue = "${sys:user.name}",
      description = "who says so, where no password proves it (default: ${DEFAULT-VALUE})")
  private String name = "";

  String name() {
    return name;
  }
}
