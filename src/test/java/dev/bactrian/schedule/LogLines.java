package dev.bactrian.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.AppenderBase;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.slf4j.LoggerFactory;

/** What is logged in this process from now on: for what only the log tells. */
final class LogLines extends AppenderBase<ILoggingEvent> implements AutoCloseable {

    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);

    private final Level usual = root.getLevel();
    private final Appender<ILoggingEvent> stderr = root.getAppender("stderr");

    LogLines() {
        start();
        root.detachAppender(stderr);
        root.setLevel(Level.INFO);
        root.addAppender(this);
    }

    @Override
    protected void append(ILoggingEvent event) {
        lines.add(event.getFormattedMessage());
    }

    List<String> lines() {
        return List.copyOf(lines);
    }

    void await(String part) {
        awaitTimes(1, part);
    }

    void awaitTimes(int times, String part) {
        Awaitility.await("'" + part + "' in the log")
                .atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(lines)
                        .filteredOn(line -> line.contains(part))
                        .as("among " + lines)
                        .hasSizeGreaterThanOrEqualTo(times));
    }

    @Override
    public void close() {
        root.detachAppender(this);
        root.setLevel(usual);
        root.addAppender(stderr);
        stop();
    }
}
