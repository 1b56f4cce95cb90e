/**
 * Slack's way in: presses of buttons, by Socket Mode or by a signed request, become the same events
 * as the answers of the HTTP API. Who may answer what is configured; nobody may by default.
 */
@NullMarked
package dev.belay.intake.slack;

import org.jspecify.annotations.NullMarked;
