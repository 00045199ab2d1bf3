package dev.bactrian.store;

import dev.bactrian.testing.stores.TestStore;
import java.util.Map;

class StoreOfS3ProxyIT extends S3StoreContract {

    private TestStore store;

    @Override
    Map<String, String> startServer() {
        store = TestStore.start();
        return store.settings();
    }

    @Override
    void stopServer() {
        store.close();
    }
}
