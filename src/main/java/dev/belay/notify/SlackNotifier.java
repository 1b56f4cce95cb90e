package dev.belay.notify;

import com.slack.api.Slack;
import com.slack.api.SlackConfig;
import com.slack.api.methods.MethodsClient;
import com.slack.api.methods.SlackApiException;
import com.slack.api.methods.SlackApiTextResponse;
import com.slack.api.methods.request.chat.ChatPostMessageRequest;
import com.slack.api.methods.request.chat.ChatUpdateRequest;
import com.slack.api.methods.response.chat.ChatPostMessageResponse;
import com.slack.api.util.http.SlackHttpClient;
import dev.belay.core.incident.Notice;
import dev.belay.port.Notifier;
import dev.belay.port.NotifierFailed;
import java.io.IOException;
import java.net.Proxy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import okhttp3.OkHttpClient;

/**
 * A Slack channel. Each incident is one message, kept up to date, with a thread of all that
 * happened beneath it, and with buttons while people can answer; a page is shown in the channel too
 * and mentions people. A first message that is gone, or that may not be changed any more, is posted
 * anew.
 *
 * <p>Slack has no idempotency key: after a lost answer the retry posts twice, which is better than
 * silence. Not for use by more than one thread.
 */
public final class SlackNotifier implements Notifier {
  private static final int MOST_BEGUN = 100;

  private final String channel;
  private final SlackSettings settings;
  private final Slack slack;
  private final MethodsClient methods;

  /**
   * Conversations whose first message was posted and whose first reply was not: the caller cannot
   * know them, and its next attempt goes on from there.
   */
  private final LinkedHashMap<String, SlackThread> begun = new LinkedHashMap<>();

  /** A client for one channel; nothing is sent yet. */
  public SlackNotifier(SlackSettings settings) {
    this("slack", settings);
  }

  /**
   * One of several; nothing is sent yet.
   *
   * @param channel the name of this one: at most 20 of a-z, 0-9 and _
   */
  public SlackNotifier(String channel, SlackSettings settings) {
    this.channel = channel;
    this.settings = settings;
    SlackConfig config = config(settings);
    SlackHttpClient http = new SlackHttpClient(http(settings, config));
    http.setConfig(config);
    this.slack = Slack.getInstance(config, http);
    this.methods = slack.methods(settings.token().reveal());
  }

  @Override
  public String channel() {
    return channel;
  }

  @Override
  public Optional<String> deliver(Notice notice, Optional<String> thread) {
    SlackThread conversation =
        Optional.ofNullable(begun.get(notice.incident()))
            .or(() -> thread.flatMap(SlackThread::parse))
            .flatMap(known -> continued(known, notice))
            .orElseGet(() -> opened(notice));
    begun.remove(notice.incident());
    return Optional.of(conversation.value());
  }

  @Override
  public void close() {
    try {
      slack.close();
    } catch (Exception e) {
      // Declared by the library; shutting its pools down has no way to fail.
      throw new IllegalStateException("closing the Slack client failed", e);
    }
  }

  /** Empty where the conversation takes no more, so that one begins anew. */
  private Optional<SlackThread> continued(SlackThread known, Notice notice) {
    try {
      update(known, notice);
      reply(known, notice);
      return Optional.of(known);
    } catch (NotifierFailed e) {
      if (!e.permanent() || e.unfit()) {
        throw e;
      }
      return Optional.empty();
    }
  }

  private SlackThread opened(Notice notice) {
    SlackMessage message = SlackMessage.parent(notice, settings.buttons());
    SlackThread thread =
        post(
            ChatPostMessageRequest.builder()
                .channel(settings.channel())
                .text(message.text())
                .blocks(message.blocks()));
    begun.put(notice.incident(), thread);
    if (begun.size() > MOST_BEGUN) {
      begun.pollFirstEntry();
    }
    reply(thread, notice);
    return thread;
  }

  private void update(SlackThread thread, Notice notice) {
    SlackMessage message = SlackMessage.parent(notice, settings.buttons());
    ChatUpdateRequest request =
        ChatUpdateRequest.builder()
            .channel(thread.channel())
            .ts(thread.ts())
            .text(message.text())
            .blocks(message.blocks())
            .linkNames(false)
            .build();
    call("chat.update", () -> methods.chatUpdate(request));
  }

  private void reply(SlackThread thread, Notice notice) {
    boolean page = notice.kind() == Notice.Kind.PAGE;
    SlackMessage message = SlackMessage.reply(notice, page ? settings.pageMention() : "");
    post(
        ChatPostMessageRequest.builder()
            .channel(thread.channel())
            .threadTs(thread.ts())
            .replyBroadcast(page)
            .text(message.text())
            .blocks(message.blocks()));
  }

  private SlackThread post(ChatPostMessageRequest.ChatPostMessageRequestBuilder message) {
    ChatPostMessageRequest request =
        message.linkNames(false).unfurlLinks(false).unfurlMedia(false).build();
    ChatPostMessageResponse answer =
        call("chat.postMessage", () -> methods.chatPostMessage(request));
    return SlackThread.parse(answer.getChannel() + "/" + answer.getTs())
        .orElseThrow(() -> SlackRefusal.doubt("chat.postMessage", "names no message"));
  }

  private static <T extends SlackApiTextResponse> T call(String method, Call<T> call) {
    T answer;
    try {
      answer = call.run();
    } catch (SlackApiException e) {
      throw SlackRefusal.status(
          method,
          e.getResponse().code(),
          SlackRefusal.retryAfter(e.getResponse().headers().toMultimap()));
    } catch (IOException e) {
      throw SlackRefusal.doubt(method, "did not come (" + e.getClass().getSimpleName() + ")");
    } catch (RuntimeException e) {
      // Where the answer is no JSON, or empty, the library fails with what its parser threw.
      throw SlackRefusal.doubt(method, "cannot be read");
    }
    if (!answer.isOk()) {
      throw SlackRefusal.error(
          method,
          Optional.ofNullable(answer.getError()).orElse(""),
          SlackRefusal.retryAfter(
              Optional.ofNullable(answer.getHttpResponseHeaders()).orElse(Map.of())));
    }
    return answer;
  }

  private static SlackConfig config(SlackSettings settings) {
    int timeout = Math.toIntExact(settings.callTimeout().toMillis());
    SlackConfig config = new SlackConfig();
    config.setMethodsEndpointUrlPrefix(settings.endpoint().toString());
    config.setHttpClientReadTimeoutMillis(timeout);
    config.setHttpClientWriteTimeoutMillis(timeout);
    config.setHttpClientCallTimeoutMillis(timeout);
    // Its listeners log requests with their headers at level debug.
    config.setHttpClientResponseHandlers(new ArrayList<>());
    config.setStatsEnabled(false);
    return config;
  }

  private static OkHttpClient http(SlackSettings settings, SlackConfig config) {
    if (settings.onLoopback()) {
      config.setProxyUrl("");
    }
    OkHttpClient.Builder http =
        SlackHttpClient.buildOkHttpClient(config)
            .newBuilder()
            .connectTimeout(settings.connectTimeout())
            // A retry posts twice; whether to is the caller's to decide.
            .retryOnConnectionFailure(false);
    if (settings.onLoopback()) {
      http.proxy(Proxy.NO_PROXY);
    }
    return http.build();
  }

  private interface Call<T> {
    T run() throws IOException, SlackApiException;
  }
}
