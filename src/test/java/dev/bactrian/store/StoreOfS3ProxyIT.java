package dev.bactrian.store;

import dev.bactrian.testing.stores.TestStore;
import java.util.Map;

class StoreOfS3ProxyIT extends StoreContract {

    private TestStore store;

    @Override
    Map<String, String> start() {
        store = TestStore.start();
        return store.settings();
    }

    @Override
    void stop() {
        store.close();
    }
}
