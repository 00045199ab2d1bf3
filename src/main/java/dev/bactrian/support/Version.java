package dev.bactrian.support;

/** Bactrian's own version. */
public final class Version {

    private Version() {}

    /** As the jar's manifest says; {@code development} where classes run without a jar. */
    public static String text() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}
