package dev.bactrian.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What every object is given that Bactrian writes.
 *
 * @param storageClass in S3's words; null for the bucket's own
 * @param encryption {@code AES256} or {@code aws:kms}; null for the bucket's own
 * @param kmsKey null for Amazon's own key
 * @param tags in the order in which they are set
 */
public record S3ObjectSettings(
        @Nullable String storageClass, @Nullable String encryption, @Nullable String kmsKey, Map<String, String> tags) {

    /** As the bucket has it. */
    public static final S3ObjectSettings PLAIN = new S3ObjectSettings(null, null, null, Map.of());

    /** Those whose objects can be read at once. What is in the others has to be thawed first, manifests too. */
    private static final Set<String> STORAGE_CLASSES =
            Set.of("STANDARD", "STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "GLACIER_IR", "REDUCED_REDUNDANCY");

    private static final String KMS = "aws:kms";
    /** Letters and digits of any language, as S3 has it; no comma, which separates tags here. */
    private static final String TAG_CHARACTERS = "[\\p{L}\\p{N} _.:/+@-]";

    private static final Pattern TAG_KEY = Pattern.compile(TAG_CHARACTERS + "{1,128}");
    private static final Pattern TAG_VALUE = Pattern.compile(TAG_CHARACTERS + "{0,256}");
    private static final int MOST_TAGS = 10;

    /** Keeps the order of the tags, for requests that read as the setting does. */
    public S3ObjectSettings {
        tags = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(tags));
    }

    /** Reads them; adds what is wrong to the errors. */
    static S3ObjectSettings read(SettingSource source, List<String> errors) {
        Optional<String> sse = source.get(SettingName.S3_SSE.name()).filter(value -> !"none".equalsIgnoreCase(value));
        if (sse.isPresent() && !Set.of("AES256", KMS).contains(sse.get())) {
            errors.add(SettingName.S3_SSE + " is " + sse.get() + ". Use one of: none, AES256, aws:kms.");
        }
        Optional<String> kmsKey = source.get(SettingName.S3_SSE_KMS_KEY_ID.name());
        if (kmsKey.isPresent() && !KMS.equals(sse.orElse(""))) {
            errors.add(
                    SettingName.S3_SSE_KMS_KEY_ID + " is set, but S3_SSE isn't aws:kms, so nothing would be encrypted "
                            + "with that key. Set S3_SSE=aws:kms, or remove the key.");
        }
        return new S3ObjectSettings(
                storageClass(source, errors), sse.orElse(null), kmsKey.orElse(null), tags(source, errors));
    }

    private static @Nullable String storageClass(SettingSource source, List<String> errors) {
        Optional<String> name =
                source.get(SettingName.S3_STORAGE_CLASS.name()).map(value -> value.toUpperCase(Locale.ROOT));
        if (name.isPresent() && !STORAGE_CLASSES.contains(name.get())) {
            errors.add(SettingName.S3_STORAGE_CLASS + " is " + name.get() + ". Use one of: "
                    + String.join(", ", STORAGE_CLASSES.stream().sorted().toList())
                    + "; archives in any other class can't be restored immediately. To archive old backups, give the "
                    + "bucket a lifecycle rule.");
        }
        return name.orElse(null);
    }

    private static Map<String, String> tags(SettingSource source, List<String> errors) {
        Map<String, String> tags = new LinkedHashMap<>();
        Optional<String> setting = source.get(SettingName.S3_TAGS.name());
        for (String tag : setting.map(text -> text.split(",", -1)).orElse(new String[0])) {
            String[] halves = tag.strip().split("=", 2);
            boolean fits = halves.length == 2
                    && TAG_KEY.matcher(halves[0].strip()).matches()
                    && TAG_VALUE.matcher(halves[1].strip()).matches()
                    && !halves[0].strip().toLowerCase(Locale.ROOT).startsWith("aws:");
            if (!fits || tags.putIfAbsent(halves[0].strip(), halves[1].strip()) != null) {
                errors.add(SettingName.S3_TAGS + " has an entry that S3 would reject: " + tag.strip()
                        + ". Write key=value,key=value: each key once, up to 128 characters and not starting with "
                        + "aws:, values up to 256 characters, of letters, digits, spaces and _ . : / + - @.");
            }
        }
        if (tags.size() > MOST_TAGS) {
            errors.add(SettingName.S3_TAGS + " has " + tags.size() + " tags. An object in S3 can have " + MOST_TAGS
                    + "; remove some.");
        }
        return tags;
    }
}
