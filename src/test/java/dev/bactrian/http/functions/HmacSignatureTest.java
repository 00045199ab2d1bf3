package dev.bactrian.http.functions;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

class HmacSignatureTest {

    /** The example in GitHub's documentation, "Validating webhook deliveries". */
    private static final String DOCUMENTED = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";

    private static final byte[] BODY = "Hello, World!".getBytes(StandardCharsets.UTF_8);

    private final HmacSignature signature = new HmacSignature("It's a Secret to Everybody");

    @Test
    void signsAsGithubDocumentsIt() {
        assertThat(signature.of(BODY)).isEqualTo(DOCUMENTED);
        assertThat(signature.signs(BODY, DOCUMENTED)).isTrue();
    }

    @Test
    void anotherBodyOrSecretIsAnotherSignature() {
        assertThat(signature.signs("Hello, World".getBytes(StandardCharsets.UTF_8), DOCUMENTED))
                .isFalse();
        assertThat(new HmacSignature("it's a Secret to Everybody").signs(BODY, DOCUMENTED))
                .isFalse();
    }

    @ParameterizedTest
    @NullAndEmptySource
    @ValueSource(
            strings = {
                "sha256=",
                "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17",
                "sha1=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17",
                "sha256=757107EA0EB2509FC211221CCE984B8A37570B6D7586C22C46F4379C8B043E17",
                "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e1",
                "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e170"
            })
    void nothingElseIsASignature(String shown) {
        assertThat(signature.signs(BODY, shown)).isFalse();
    }
}
