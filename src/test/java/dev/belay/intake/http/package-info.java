/** Tests of the HTTP doors, over a real server and the JDK's client. */
@NullMarked
package dev.belay.intake.http;

import org.jspecify.annotations.NullMarked;
