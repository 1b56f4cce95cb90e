package dev.belay.controlplane;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where the components' programs are: one program that is all of them by its first argument, or a
 * folder with one program each.
 */
sealed interface Binaries {
  String HOW_TO_GET =
      "no control plane: run src/test/controlplane/build.sh once (about ten minutes), or set"
          + " BELAY_CONTROLPLANE to its binary, or KUBEBUILDER_ASSETS to a folder with etcd,"
          + " kube-apiserver, kube-controller-manager and kubectl";

  /** The command line of a component with its arguments. */
  List<String> command(String component, List<String> arguments);

  record One(Path program) implements Binaries {
    @Override
    public List<String> command(String component, List<String> arguments) {
      List<String> command = new ArrayList<>(List.of(program.toString(), component));
      command.addAll(arguments);
      return command;
    }
  }

  record Folder(Path folder) implements Binaries {
    @Override
    public List<String> command(String component, List<String> arguments) {
      List<String> command = new ArrayList<>(List.of(folder.resolve(component).toString()));
      command.addAll(arguments);
      return command;
    }
  }

  static Optional<Binaries> find() {
    return variable("BELAY_CONTROLPLANE")
        .or(() -> built("controlplane"))
        .filter(Files::isExecutable)
        .<Binaries>map(One::new)
        .or(
            () ->
                variable("KUBEBUILDER_ASSETS").filter(Binaries::hasAllComponents).map(Folder::new));
  }

  private static boolean hasAllComponents(Path folder) {
    return List.of("etcd", "kube-apiserver", "kube-controller-manager", "kubectl").stream()
        .allMatch(component -> Files.isExecutable(folder.resolve(component)));
  }

  private static Optional<Path> variable(String name) {
    return Optional.ofNullable(System.getenv(name)).filter(value -> !value.isBlank()).map(Path::of);
  }

  /** Where a script of the tests puts what it builds, whether or not it has. */
  static Optional<Path> built(String what) {
    try {
      Process where =
          new ProcessBuilder("bash", "src/test/" + what + "/build.sh", "--where")
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String path = new String(where.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return where.waitFor() == 0 ? Optional.of(Path.of(path.strip())) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }
}
