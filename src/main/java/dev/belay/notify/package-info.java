/**
 * The channels to people: Slack, PagerDuty, mail, webhooks of others, the terminal, and a page of
 * messages. Each turns one notice into what its channel understands and renders foreign text
 * harmless there. Queues, pacing and retries do not live here; they are the shell's.
 */
@NullMarked
package dev.belay.notify;

import org.jspecify.annotations.NullMarked;
