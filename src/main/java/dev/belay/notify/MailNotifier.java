package dev.belay.notify;

import dev.belay.core.incident.Notice;
import dev.belay.port.Notifier;
import dev.belay.port.NotifierFailed;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.ext.mail.LoginOption;
import io.vertx.ext.mail.MailClient;
import io.vertx.ext.mail.MailConfig;
import io.vertx.ext.mail.MailMessage;
import io.vertx.ext.mail.SMTPException;
import io.vertx.ext.mail.StartTLSOptions;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/**
 * Mail in plain text. An incident is one thread: its first mail's Message-ID is what all later ones
 * refer to. A mail's own Message-ID is the same however often it is sent, so that readers' programs
 * can tell that it came twice. Not for use by more than one thread.
 */
public final class MailNotifier implements Notifier {
  private static final int IDLE_SECONDS = 20;
  private static final int CONNECT_MILLIS = 10_000;
  private static final long SEND_SECONDS = 30;
  private static final int SUBJECT = 200;
  private static final int NAME = 300;
  private static final int TEXT = 8000;
  private static final int HASH_LENGTH = 24;
  private static final Pattern THREAD = Pattern.compile("belay\\.[0-9a-f]{24}\\.[0-9]{1,20}");

  private final String channel;
  private final MailSettings settings;
  private final Vertx vertx;
  private final MailClient client;

  /** A client for one server; nothing is sent yet. */
  public MailNotifier(MailSettings settings) {
    this("mail", settings);
  }

  /**
   * One of several; nothing is sent yet.
   *
   * @param channel the name of this one: at most 20 of a-z, 0-9 and _
   */
  public MailNotifier(String channel, MailSettings settings) {
    this.channel = channel;
    this.settings = settings;
    this.vertx =
        Vertx.vertx(
            new VertxOptions()
                .setEventLoopPoolSize(1)
                .setWorkerPoolSize(1)
                .setInternalBlockingPoolSize(1));
    this.client = MailClient.create(vertx, config(settings));
  }

  private static MailConfig config(MailSettings settings) {
    MailConfig config = new MailConfig();
    config.setHostname(settings.host());
    config.setPort(settings.port());
    config.setSsl(settings.security() == MailSettings.Security.TLS);
    config.setStarttls(
        settings.security() == MailSettings.Security.STARTTLS
            ? StartTLSOptions.REQUIRED
            : StartTLSOptions.DISABLED);
    config.setHostnameVerificationAlgorithm("HTTPS");
    settings
        .certificates()
        .ifPresent(
            file -> config.setTrustOptions(new PemTrustOptions().addCertPath(file.toString())));
    config.setLogin(settings.login().isPresent() ? LoginOption.REQUIRED : LoginOption.DISABLED);
    settings
        .login()
        .ifPresent(login -> config.setUsername(login.username()).setPassword(login.password()));
    config.setConnectTimeout(CONNECT_MILLIS);
    config.setOwnHostname("belay");
    config.setUserAgent("belay");
    config.setMaxPoolSize(1);
    // A server that says nothing more must not keep the only connection.
    config.setIdleTimeout(IDLE_SECONDS).setIdleTimeoutUnit(TimeUnit.SECONDS);
    config.setKeepAlive(false);
    return config;
  }

  @Override
  public String channel() {
    return channel;
  }

  @Override
  public Optional<String> deliver(Notice notice, Optional<String> thread) {
    Optional<String> known = thread.filter(value -> THREAD.matcher(value).matches());
    String root =
        known.orElseGet(
            () -> "belay." + hash(notice.incident()) + "." + notice.at().toEpochMilli());
    send(message(notice, root, known.isPresent()));
    return Optional.of(root);
  }

  private MailMessage message(Notice notice, String root, boolean reply) {
    String first = "<" + root + "@" + settings.domain() + ">";
    MultiMap headers = MultiMap.caseInsensitiveMultiMap();
    headers.add("Auto-Submitted", "auto-generated");
    if (reply) {
      headers.add(
          "Message-ID",
          "<"
              + root
              + "."
              + notice.number()
              + "."
              + notice.at().toEpochMilli()
              + "@"
              + settings.domain()
              + ">");
      headers.add("In-Reply-To", first);
      headers.add("References", first);
    } else {
      headers.add("Message-ID", first);
    }
    if (notice.kind() == Notice.Kind.PAGE) {
      headers.add("Importance", "high");
      headers.add("X-Priority", "1");
    }
    return new MailMessage()
        .setFrom(settings.from())
        .setTo(settings.to())
        .setSubject(subject(notice))
        .setText(text(notice))
        .setHeaders(headers);
  }

  /** On one line, whatever it is made of: a second would be a header of its writer's. */
  private static String subject(Notice notice) {
    String headline =
        notice.headline().isBlank()
            ? "incident " + ForeignText.oneLine(notice.incident())
            : ForeignText.oneLine(notice.headline());
    return ForeignText.cut("[Belay] " + headline, SUBJECT);
  }

  private static String text(Notice notice) {
    StringBuilder text = new StringBuilder();
    text.append(KindWords.of(notice.kind()));
    notice
        .until()
        .ifPresent(until -> text.append(", until ").append(until.truncatedTo(ChronoUnit.SECONDS)));
    text.append("\n\n").append(ForeignText.cut(ForeignText.oneLine(notice.headline()), TEXT));
    if (!notice.text().isBlank()) {
      text.append("\n\n").append(ForeignText.cut(ForeignText.lines(notice.text()), TEXT));
    }
    text.append("\n\n-- \nBelay, incident ")
        .append(ForeignText.cut(ForeignText.oneLine(notice.incident()), NAME));
    if (!notice.service().isBlank()) {
      text.append(" of ").append(ForeignText.cut(ForeignText.oneLine(notice.service()), NAME));
    }
    return text.append(", ")
        .append(notice.at().truncatedTo(ChronoUnit.SECONDS))
        .append('\n')
        .toString();
  }

  private void send(MailMessage message) {
    try {
      client
          .sendMail(message)
          .toCompletionStage()
          .toCompletableFuture()
          .get(SEND_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw failed(e.getCause() == null ? e : e.getCause());
    } catch (TimeoutException e) {
      throw new NotifierFailed(
          "The mail server did not take it within " + SEND_SECONDS + " s", false, Optional.empty());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new NotifierFailed("The mail server was not waited for", false, Optional.empty());
    }
  }

  private NotifierFailed failed(Throwable cause) {
    if (cause instanceof SMTPException refused) {
      int code = refused.getReplyCode();
      String said = "The mail server answered with " + code;
      return code >= 500
          ? new NotifierFailed(said + ": " + remedy(code), true, Optional.empty())
          : new NotifierFailed(said, false, Optional.empty());
    }
    // What it says may hold what was sent; its name does not.
    return new NotifierFailed(
        "The mail server at "
            + settings.host()
            + ":"
            + settings.port()
            + " took nothing ("
            + cause.getClass().getSimpleName()
            + "); check that it listens there and offers "
            + (settings.security() == MailSettings.Security.STARTTLS ? "STARTTLS" : "what is asked")
            + (settings.login().isPresent() ? ", and the username and password" : ""),
        false,
        Optional.empty());
  }

  private static String remedy(int code) {
    return switch (code) {
      case 530, 534, 535, 538 -> "check the username and password";
      case 550, 551, 553, 554 -> "check the addresses, and that it relays for Belay";
      default -> "check its address, port and security";
    };
  }

  private static String hash(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash).substring(0, HASH_LENGTH);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  @Override
  public void close() {
    var _ = client.close();
    var _ = vertx.close();
  }
}
