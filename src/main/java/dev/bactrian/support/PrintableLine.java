package dev.bactrian.support;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.pattern.CompositeConverter;

/** {@code %printable(…)} of logback.xml: whatever a log line is made of, it is one line of {@link Printable printable} text. */
public final class PrintableLine extends CompositeConverter<ILoggingEvent> {

    @Override
    protected String transform(ILoggingEvent event, String text) {
        return Printable.line(text);
    }
}
