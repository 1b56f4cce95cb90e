package dev.belay.notify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.belay.core.incident.Notice;
import dev.belay.notify.MailSettings.Security;
import dev.belay.port.Notifier;
import dev.belay.port.NotifierContract;
import dev.belay.port.NotifierFailed;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class MailNotifierTest extends NotifierContract {
  private final FakeSmtp server = new FakeSmtp(Optional.empty());
  private final MailNotifier notifier =
      new MailNotifier(settings(server, Security.NONE, Optional.empty(), Optional.empty()));

  @TempDir private Path folder = Path.of("");

  private static MailSettings settings(
      FakeSmtp server,
      Security security,
      Optional<MailSettings.Login> login,
      Optional<Path> certificates) {
    return new MailSettings(
        "127.0.0.1",
        server.port(),
        security,
        login,
        "belay@shop.example",
        List.of("oncall@shop.example", "lead@shop.example"),
        certificates);
  }

  @AfterEach
  void close() {
    notifier.close();
    server.close();
  }

  @Override
  protected Notifier notifier() {
    return notifier;
  }

  /** By the first mail's Message-ID, as mail programs do. */
  @Override
  protected List<String> conversations() {
    Map<String, StringBuilder> threads = new LinkedHashMap<>();
    for (FakeSmtp.Mail mail : server.mails()) {
      String root =
          header(mail, "References").orElseGet(() -> header(mail, "Message-ID").orElseThrow());
      threads.computeIfAbsent(root, _ -> new StringBuilder()).append(body(mail));
    }
    return threads.values().stream().map(StringBuilder::toString).toList();
  }

  @Override
  protected void assertHarmless(String got) {
    assertFalse(got.contains("\u001b") || got.contains("\u202e"), got);
    FakeSmtp.Mail mail = server.mails().getFirst();
    assertEquals(List.of(), headers(mail).stream().filter(it -> it.startsWith("forged")).toList());
    assertEquals(2, mail.to().size(), "nobody else gets it");
  }

  private static List<String> headers(FakeSmtp.Mail mail) {
    List<String> headers = new ArrayList<>();
    for (String line : mail.text().split("\n", -1)) {
      if (line.isEmpty()) {
        return headers;
      }
      if (line.startsWith(" ") || line.startsWith("\t")) {
        headers.add(headers.removeLast() + line);
      } else {
        headers.add(line);
      }
    }
    return headers;
  }

  private static Optional<String> header(FakeSmtp.Mail mail, String name) {
    return headers(mail).stream()
        .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
        .map(line -> line.substring(name.length() + 1).strip())
        .findFirst();
  }

  private static String body(FakeSmtp.Mail mail) {
    String text = mail.text().substring(mail.text().indexOf("\n\n") + 2);
    boolean quoted =
        header(mail, "Content-Transfer-Encoding").orElse("").equalsIgnoreCase("quoted-printable");
    return quoted ? unquoted(text) : text;
  }

  private static String unquoted(String text) {
    String joined = text.replace("=\n", "");
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = 0; i < joined.length(); i++) {
      if (joined.charAt(i) == '=') {
        bytes.write(Integer.parseInt(joined.substring(i + 1, i + 3), 16));
        i += 2;
      } else {
        bytes.write(joined.charAt(i));
      }
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Test
  void anIncidentIsOneThreadAndAMailThatComesTwiceHasOneId() {
    Optional<String> thread =
        notifier.deliver(notice("covet-1", 1, Notice.Kind.OPENED, "it broke"), Optional.empty());
    Notice page = notice("covet-1", 2, Notice.Kind.PAGE, "wake up");
    notifier.deliver(page, thread);
    notifier.deliver(page, thread);
    List<FakeSmtp.Mail> mails = server.mails();
    String root = header(mails.get(0), "Message-ID").orElseThrow();
    assertTrue(root.matches("<belay\\.[0-9a-f]{24}\\.[0-9]+@shop\\.example>"), root);
    assertEquals(Optional.of(root), header(mails.get(1), "In-Reply-To"));
    assertEquals(header(mails.get(1), "Message-ID"), header(mails.get(2), "Message-ID"));
    assertEquals(Optional.of("high"), header(mails.get(1), "Importance"));
    assertEquals(Optional.of("[Belay] covet headline 1"), header(mails.get(0), "Subject"));
    assertEquals(List.of("<oncall@shop.example>", "<lead@shop.example>"), mails.get(0).to());
  }

  @Test
  void aPasswordIsNeverSaidInTheOpen() {
    try (MailNotifier careful =
        new MailNotifier(
            settings(
                server,
                Security.STARTTLS,
                Optional.of(new MailSettings.Login("belay", "hush-hush")),
                Optional.empty()))) {
      NotifierFailed failed =
          assertThrows(
              NotifierFailed.class,
              () -> careful.deliver(notice("covet-1", 1, Notice.Kind.PAGE, "x"), Optional.empty()));
      assertTrue(String.valueOf(failed.getMessage()).contains("STARTTLS"), failed.toString());
      assertFalse(String.valueOf(failed.getMessage()).contains("hush"), failed.toString());
    }
    assertEquals(List.of(), server.mails());
    assertTrue(server.said().stream().noneMatch(line -> line.startsWith("AUTH")));
    assertThrows(
        IllegalArgumentException.class,
        () ->
            settings(
                server,
                Security.NONE,
                Optional.of(new MailSettings.Login("belay", "hush")),
                Optional.empty()));
  }

  @Test
  void logsInOnceWhatIsSaidIsSecretAndOnlyToWhomItTrusts() throws Exception {
    Path keys = folder.resolve("keys.p12");
    Path certificate = folder.resolve("server.pem");
    keytool(
        "-genkeypair",
        "-keyalg",
        "RSA",
        "-alias",
        "mail",
        "-dname",
        "CN=localhost",
        "-ext",
        "SAN=ip:127.0.0.1",
        "-keystore",
        keys.toString(),
        "-storepass",
        "changeit",
        "-storetype",
        "PKCS12");
    keytool(
        "-exportcert",
        "-rfc",
        "-alias",
        "mail",
        "-file",
        certificate.toString(),
        "-keystore",
        keys.toString(),
        "-storepass",
        "changeit");
    Optional<MailSettings.Login> login = Optional.of(new MailSettings.Login("belay", "hush"));
    try (FakeSmtp secure = new FakeSmtp(Optional.of(context(keys)));
        MailNotifier trusting =
            new MailNotifier(settings(secure, Security.STARTTLS, login, Optional.of(certificate)));
        MailNotifier stranger =
            new MailNotifier(settings(secure, Security.STARTTLS, login, Optional.empty()))) {
      Notice notice = notice("covet-1", 1, Notice.Kind.PAGE, "wake up");
      assertThrows(NotifierFailed.class, () -> stranger.deliver(notice, Optional.empty()));
      assertTrue(secure.said().stream().noneMatch(line -> line.startsWith("AUTH")));
      trusting.deliver(notice, Optional.empty());
      FakeSmtp.Mail mail = secure.mails().getFirst();
      assertTrue(mail.secret() && mail.loggedIn(), mail.toString());
    }
  }

  private static SSLContext context(Path keys) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(keys)) {
      store.load(in, "changeit".toCharArray());
    }
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(store, "changeit".toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return context;
  }

  private static void keytool(String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(Arrays.asList(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(process.waitFor(30, TimeUnit.SECONDS) && process.exitValue() == 0, said);
  }

  @Test
  void whatTheServerRefusesForGoodNeedsSomebodyAndTheRestPasses() {
    server.refuse("451 later");
    assertFalse(failure().permanent());
    server.refuse("554 no relay");
    NotifierFailed refused = failure();
    assertTrue(refused.permanent());
    assertTrue(String.valueOf(refused.getMessage()).contains("check the addresses"));
  }

  private NotifierFailed failure() {
    return assertThrows(
        NotifierFailed.class,
        () -> notifier.deliver(notice("covet-1", 1, Notice.Kind.PAGE, "x"), Optional.empty()));
  }

  @Test
  void anAddressThatCouldBeMoreThanOneIsRefused() {
    for (String odd : List.of("a@b.c, d@e.f", "Ann <a@b.c>", "a@b.c\r\nBcc: d@e.f", "a", "")) {
      assertFalse(MailSettings.isAddress(odd), odd);
    }
    assertTrue(MailSettings.isAddress("ann+belay@shop.example"));
  }
}
