/**
 * The daemon's configuration file, read as strictly as rules are. Says what was asked for; makes
 * nothing of it.
 */
@NullMarked
package dev.belay.app.config;

import org.jspecify.annotations.NullMarked;
