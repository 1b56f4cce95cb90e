package dev.belay.rules;

import dev.belay.rules.yaml.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A folder of rule files that a test writes. */
record Written(Path folder) {
  Written file(String name, String text) {
    try {
      Path file = folder.resolve(name);
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.writeString(file, text);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Loaded load() {
    return RuleLoader.load(folder);
  }

  /** The problems as people see them, without the folder before the file's name. */
  List<String> problems() {
    return shown(load().problems());
  }

  List<String> shown(List<Problem> problems) {
    return problems.stream().map(it -> it.toString().replace(folder + "/", "")).toList();
  }
}
