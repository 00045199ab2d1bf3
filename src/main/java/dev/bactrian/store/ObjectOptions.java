package dev.bactrian.store;

import dev.bactrian.config.S3ObjectSettings;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.TaggingDirective;

/**
 * Gives every object its storage class, encryption and tags, whoever writes it: a route, an upload in parts or a copy. Here
 * and not at the routes' endpoints, since those can't tag what they put, and none must be forgotten.
 */
final class ObjectOptions implements ExecutionInterceptor {

    private final @Nullable String storageClass;
    private final @Nullable String encryption;
    private final @Nullable String kmsKey;
    private final @Nullable String tags;

    ObjectOptions(S3ObjectSettings settings) {
        this.storageClass = settings.storageClass();
        this.encryption = settings.encryption();
        this.kmsKey = settings.kmsKey();
        this.tags = settings.tags().isEmpty()
                ? null
                : settings.tags().entrySet().stream()
                        .map(tag -> encoded(tag.getKey()) + "=" + encoded(tag.getValue()))
                        .collect(Collectors.joining("&"));
    }

    @Override
    public SdkRequest modifyRequest(Context.ModifyRequest context, ExecutionAttributes attributes) {
        SdkRequest request = context.request();
        if (request instanceof PutObjectRequest put) {
            return put.toBuilder()
                    .storageClass(storageClass)
                    .serverSideEncryption(encryption)
                    .ssekmsKeyId(kmsKey)
                    .tagging(tags)
                    .build();
        }
        if (request instanceof CreateMultipartUploadRequest upload) {
            return upload.toBuilder()
                    .storageClass(storageClass)
                    .serverSideEncryption(encryption)
                    .ssekmsKeyId(kmsKey)
                    .tagging(tags)
                    .build();
        }
        if (request instanceof CopyObjectRequest copy) {
            return copy.toBuilder()
                    .storageClass(storageClass)
                    .serverSideEncryption(encryption)
                    .ssekmsKeyId(kmsKey)
                    .tagging(tags)
                    .taggingDirective(tags == null ? null : TaggingDirective.REPLACE)
                    .build();
        }
        return request;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
