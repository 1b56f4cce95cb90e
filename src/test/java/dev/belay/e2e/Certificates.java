package dev.belay.e2e;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Certificates of an authority that a test makes for itself, by the JDK's keytool. */
final class Certificates {
  /** Of every store. */
  static final String PASSWORD = "a-store-password";

  private final Path folder;

  /** A new authority, whose files are in the folder. */
  Certificates(Path folder) throws Exception {
    this.folder = Files.createDirectories(folder);
    generate("ca", List.of("-ext", "bc:c"));
    keytool("-exportcert", "-rfc", "-alias", "ca", "-keystore", store("ca"), "-file", pem("ca"));
    keytool("-importcert", "-noprompt", "-alias", "ca", "-file", pem("ca"), "-keystore", trusted());
  }

  /** A store with a key and a certificate that the authority signed; for this machine. */
  Path signed(String name) throws Exception {
    generate(name, List.of());
    Path request = folder.resolve(name + ".csr");
    keytool("-certreq", "-alias", name, "-keystore", store(name), "-file", request.toString());
    keytool(
        "-gencert",
        "-rfc",
        "-alias",
        "ca",
        "-keystore",
        store("ca"),
        "-infile",
        request.toString(),
        "-outfile",
        pem(name),
        "-ext",
        "san=ip:127.0.0.1,dns:localhost");
    keytool(
        "-importcert", "-noprompt", "-alias", "ca", "-file", pem("ca"), "-keystore", store(name));
    keytool(
        "-importcert", "-noprompt", "-alias", name, "-file", pem(name), "-keystore", store(name));
    return Path.of(store(name));
  }

  /** A store with the authority's certificate. */
  String trusted() {
    return folder.resolve("trusted.p12").toString();
  }

  /** The authority's certificate. */
  String trustedPem() throws IOException {
    return Files.readString(Path.of(pem("ca")));
  }

  /** The certificate that a store holds, and that of the authority. */
  String chainPem(String name) throws IOException, GeneralSecurityException {
    StringBuilder chain = new StringBuilder();
    for (Certificate each : open(name).getCertificateChain(name)) {
      chain.append(text("CERTIFICATE", each.getEncoded()));
    }
    return chain.toString();
  }

  /** The key that a store holds. */
  String keyPem(String name) throws IOException, GeneralSecurityException {
    return text("PRIVATE KEY", open(name).getKey(name, PASSWORD.toCharArray()).getEncoded());
  }

  private KeyStore open(String name) throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(Path.of(store(name)))) {
      store.load(in, PASSWORD.toCharArray());
    }
    return store;
  }

  private static String text(String what, byte[] encoded) {
    return "-----BEGIN "
        + what
        + "-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded)
        + "\n-----END "
        + what
        + "-----\n";
  }

  private String store(String name) {
    return folder.resolve(name + ".p12").toString();
  }

  private String pem(String name) {
    return folder.resolve(name + ".pem").toString();
  }

  private void generate(String name, List<String> more) throws Exception {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "-genkeypair",
                "-alias",
                name,
                "-dname",
                "CN=" + name,
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-validity",
                "2",
                "-keystore",
                store(name)));
    arguments.addAll(more);
    keytool(arguments.toArray(String[]::new));
  }

  private static void keytool(String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(arguments));
    command.addAll(List.of("-storepass", PASSWORD, "-storetype", "PKCS12"));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IllegalStateException(String.join(" ", command) + ": " + said);
    }
  }
}
