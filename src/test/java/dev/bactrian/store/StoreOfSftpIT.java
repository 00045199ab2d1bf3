package dev.bactrian.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.jcraft.jsch.JSch;
import com.jcraft.jsch.KeyPair;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.List;
import java.util.Map;
import org.apache.camel.spi.Registry;
import org.apache.sshd.common.config.keys.AuthorizedKeyEntry;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.file.virtualfs.VirtualFileSystemFactory;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.keyprovider.SimpleGeneratorHostKeyProvider;
import org.apache.sshd.sftp.server.SftpSubsystemFactory;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;

/** {@code docs/examples/store-sftp.camel.yaml} on Apache MINA's server. */
class StoreOfSftpIT extends StoreContract {

    @TempDir
    private static Path folder;

    private final SshServer server = SshServer.setUpDefaultServer();
    private Path archives;

    @Override
    Path start() throws Exception {
        // As the first put does.
        archives = folder.resolve("served/archives");
        Files.createDirectories(archives.resolve(".bactrian"));
        KeyPair own = KeyPair.genKeyPair(new JSch(), KeyPair.RSA, 2048);
        own.writePrivateKey(folder.resolve("key").toString());
        own.writePublicKey(folder.resolve("key.pub").toString(), "tests");
        PublicKey known = AuthorizedKeyEntry.parseAuthorizedKeyEntry(Files.readString(folder.resolve("key.pub")))
                .resolvePublicKey(null, null, null);
        server.setHost("127.0.0.1");
        SimpleGeneratorHostKeyProvider hostKey = new SimpleGeneratorHostKeyProvider(folder.resolve("host-key"));
        server.setKeyPairProvider(hostKey);
        server.setPublickeyAuthenticator((user, shown, session) -> user.equals("backup") && shown.equals(known));
        server.setPasswordAuthenticator((user, password, session) -> password.equals("secret word"));
        server.setSubsystemFactories(List.of(new SftpSubsystemFactory()));
        server.setFileSystemFactory(new VirtualFileSystemFactory(folder.resolve("served")));
        server.start();
        Files.writeString(folder.resolve("known_hosts"), knownHost(hostKey));
        return Path.of("docs/examples/store-sftp.camel.yaml");
    }

    private String knownHost(SimpleGeneratorHostKeyProvider key) {
        return "[127.0.0.1]:" + server.getPort() + " "
                + PublicKeyEntry.toString(key.loadKeys(null).iterator().next().getPublic()) + "\n";
    }

    @Override
    void stop() throws IOException {
        server.stop(true);
    }

    @Override
    Map<String, String> properties() {
        return Map.of(
                "SFTP_URL", url(),
                "SFTP_KEY", folder.resolve("key").toString(),
                "SFTP_KNOWN_HOSTS", folder.resolve("known_hosts").toString());
    }

    private String url() {
        return "sftp://backup@127.0.0.1:" + server.getPort() + "/archives";
    }

    @Override
    void bind(Registry registry) {
        // Asked only where the folder isn't the store yet.
        registry.bind("controlDatabase", new PGSimpleDataSource());
    }

    @Override
    boolean copies() {
        return false;
    }

    @Test
    void aPasswordSignsIn() throws Exception {
        try (SftpStore store = new SftpStore(
                url(), "secret word", "", folder.resolve("known_hosts").toString())) {
            assertThat(store.isMarked()).isTrue();
        }
        assertThatThrownBy(() -> new SftpStore("sftp://backup:secret@host/archives", "", "", ""))
                .hasMessageContaining("SFTP_URL holds a password")
                .hasMessageNotContaining("secret@");
    }

    @Test
    void anotherServersKeyIsRefused() throws IOException {
        Path other = folder.resolve("other_hosts");
        Files.writeString(other, knownHost(new SimpleGeneratorHostKeyProvider(folder.resolve("other-key"))));
        for (Path known : List.of(other, folder.resolve("none"))) {
            try (SftpStore store = new SftpStore(url(), "secret word", "", known.toString())) {
                assertThatThrownBy(store::isMarked).hasMessageContaining("HostKey");
            }
        }
    }

    @Test
    void aConnectionThatEndedIsMadeAgain() throws Exception {
        assertThat(verb("get", "backups/none").getMessage().getBody()).isNull();
        server.getActiveSessions().forEach(session -> session.close(true));

        // What hasn't noticed yet may fail, and only that.
        Awaitility.await("another connection")
                .ignoreExceptions()
                .until(() -> verb("get", "backups/none").getMessage().getBody() == null);
    }

    @Test
    void aDiskThatIsNotMountedIsNoEmptyStore() throws Exception {
        Path away = Files.move(archives, folder.resolve("away"));
        Files.createDirectory(archives);
        try {
            assertThatThrownBy(() -> verb("get", "backups/none")).hasStackTraceContaining("is the disk mounted there?");
        } finally {
            Files.delete(archives);
            Files.move(away, archives);
        }
    }

    @Test
    void noKeyLeadsOutOfTheFolder() {
        assertThatThrownBy(() -> verb("get", "backups/../../secret"))
                .hasStackTraceContaining("leads out of the folder");
    }
}
