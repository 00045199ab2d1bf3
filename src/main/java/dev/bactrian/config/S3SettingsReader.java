package dev.bactrian.config;

import static dev.bactrian.config.SettingName.AWS_ACCESS_KEY_ID;
import static dev.bactrian.config.SettingName.AWS_SECRET_ACCESS_KEY;
import static dev.bactrian.config.SettingName.S3_BUCKET;
import static dev.bactrian.config.SettingName.S3_CA_FILE;
import static dev.bactrian.config.SettingName.S3_CHECKSUMS;
import static dev.bactrian.config.SettingName.S3_ENDPOINT;
import static dev.bactrian.config.SettingName.S3_EQUAL_PARTS;
import static dev.bactrian.config.SettingName.S3_LARGEST_OBJECT;
import static dev.bactrian.config.SettingName.S3_LATEST;
import static dev.bactrian.config.SettingName.S3_PATH_STYLE;
import static dev.bactrian.config.SettingName.S3_PREFIX;
import static dev.bactrian.config.SettingName.S3_PUBLIC_ENDPOINT;
import static dev.bactrian.config.SettingName.S3_REGION;

import dev.bactrian.support.Units;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads where archives go. */
final class S3SettingsReader extends SettingValues {

    private static final long SMALLEST_LIMIT = 1L << 30;

    /**
     * Prepares a reader.
     *
     * @param errors gets what is wrong
     */
    S3SettingsReader(SettingSource source, List<String> errors) {
        super(source, errors);
    }

    /** First part of every key, wherever archives go. */
    String keyPrefix() {
        String prefix = text(S3_PREFIX).replaceAll("^/+|/+$", "");
        if (!prefix.matches("[A-Za-z0-9!_.*'()/-]{1,200}")) {
            errors.add("S3_PREFIX has characters that S3 keys shouldn't have. Use letters, digits, - _ . and /.");
        }
        return prefix;
    }

    /** All of them; adds what is wrong to the errors. */
    S3Settings read(String prefix) {
        Optional<String> bucket = source.get(S3_BUCKET.name());
        if (bucket.isEmpty()) {
            errors.add("S3_BUCKET is not set. Set it to the bucket for the archives.");
        } else if (!bucket.get().matches("[A-Za-z0-9._-]{3,255}")) {
            errors.add("S3_BUCKET isn't a bucket name. Write only the name, without s3:// and without a path.");
        }
        Optional<String> keyId = secret(AWS_ACCESS_KEY_ID);
        Optional<String> secretKey = secret(AWS_SECRET_ACCESS_KEY);
        if (keyId.isPresent() != secretKey.isPresent()) {
            errors.add((keyId.isPresent() ? AWS_SECRET_ACCESS_KEY : AWS_ACCESS_KEY_ID)
                    + " is not set, but its other half is. Set both; or neither, to use the machine's role.");
        }
        URI endpoint = address(S3_ENDPOINT);
        return new S3Settings(
                bucket.orElse("none"),
                prefix,
                text(S3_REGION),
                endpoint,
                flag(S3_PATH_STYLE),
                oneOf(S3_CHECKSUMS, Set.of("when_supported", "when_required")).equals("when_required"),
                S3ObjectSettings.read(source, errors),
                oneOf(S3_LATEST, Set.of("copy", "pointer")).equals("copy"),
                keyId.orElse(null),
                secretKey.orElse(null),
                address(S3_PUBLIC_ENDPOINT),
                CertificateFile.read(source, S3_CA_FILE, errors),
                limits(S3Limits.of(endpoint)));
    }

    /** What isn't set is as the endpoint's server has it. */
    private S3Limits limits(S3Limits known) {
        boolean equal = source.get(S3_EQUAL_PARTS.name()).isEmpty() ? known.equalParts() : flag(S3_EQUAL_PARTS);
        if (source.get(S3_LARGEST_OBJECT.name()).isEmpty()) {
            return new S3Limits(equal, known.largestObject());
        }
        long largest = parsed(S3_LARGEST_OBJECT, Units::bytes).orElse(known.largestObject());
        if (largest < SMALLEST_LIMIT || largest > S3Limits.OF_AMAZON.largestObject()) {
            errors.add(S3_LARGEST_OBJECT + " is " + text(S3_LARGEST_OBJECT)
                    + ". Use a size from 1GB to 48TB, or leave it out for the 48.8 TB that 10,000 parts can have.");
        }
        return new S3Limits(equal, largest);
    }

    private @Nullable URI address(SettingName name) {
        Optional<String> endpoint = source.get(name.name());
        if (endpoint.isEmpty()) {
            return null;
        }
        try {
            if (endpoint.get().matches("https?://[^/?#@]+(/[^?#@]*)?")) {
                return new URI(endpoint.get());
            }
        } catch (URISyntaxException e) {
            // Told below; its message would quote the value.
        }
        errors.add(name + " isn't a valid address. Write it as https://host or http://host:port.");
        return null;
    }
}
