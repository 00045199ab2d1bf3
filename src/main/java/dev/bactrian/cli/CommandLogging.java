package dev.bactrian.cli;

/** Keeps the log of short commands to warnings: what they have to say they print themselves. */
final class CommandLogging {

    private CommandLogging() {}

    /** To be called before the first logger is made; a level that somebody chose stays. */
    static void logs() {
        if (System.getProperty("bactrian.log") == null) {
            System.setProperty("bactrian.log", "WARN");
        }
    }
}
