package dev.bactrian.supabase.auth;

import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;

/** What {@code routes/backup/supabase/auth-users.camel.yaml} and {@code routes/restore/import-users.camel.yaml} name. */
public final class AuthBeans {

    private AuthBeans() {}

    /** Binds them. */
    public static void bind(BiConsumer<String, Object> registry, Supplier<CamelContext> camel) {
        registry.accept("userImport", new UserImport(camel));
    }
}
