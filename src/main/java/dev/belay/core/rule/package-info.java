/**
 * What people wrote, already parsed: services, triggers, modes, limits. Reading YAML is the room
 * {@code rules}.
 */
@NullMarked
package dev.belay.core.rule;

import org.jspecify.annotations.NullMarked;
