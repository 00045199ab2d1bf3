package dev.bactrian.support;

import ch.qos.logback.classic.pattern.ThrowableProxyConverter;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.StackTraceElementProxy;
import org.jspecify.annotations.Nullable;

/** {@code %printableEx} of logback.xml: an exception's lines as {@code %ex} has them, its messages {@link Printable printable}. */
public final class PrintableStack extends ThrowableProxyConverter {

    @Override
    protected String throwableProxyToString(IThrowableProxy thrown) {
        return super.throwableProxyToString(new Shown(thrown));
    }

    /** The same exception with a message on one line. */
    private record Shown(IThrowableProxy thrown) implements IThrowableProxy {

        @Override
        public @Nullable String getMessage() {
            String message = thrown.getMessage();
            return message == null ? null : Printable.line(message);
        }

        @Override
        public String getClassName() {
            return thrown.getClassName();
        }

        @Override
        public StackTraceElementProxy[] getStackTraceElementProxyArray() {
            return thrown.getStackTraceElementProxyArray();
        }

        @Override
        public int getCommonFrames() {
            return thrown.getCommonFrames();
        }

        @Override
        public @Nullable IThrowableProxy getCause() {
            IThrowableProxy cause = thrown.getCause();
            return cause == null ? null : new Shown(cause);
        }

        @Override
        public IThrowableProxy[] getSuppressed() {
            IThrowableProxy[] suppressed = thrown.getSuppressed();
            IThrowableProxy[] shown = new IThrowableProxy[suppressed == null ? 0 : suppressed.length];
            for (int i = 0; i < shown.length; i++) {
                shown[i] = new Shown(suppressed[i]);
            }
            return shown;
        }

        @Override
        public boolean isCyclic() {
            return thrown.isCyclic();
        }
    }
}
