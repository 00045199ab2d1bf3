package dev.bactrian.postgres;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.ParameterMetaData;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.postgresql.core.NativeQuery;
import org.postgresql.core.Parser;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * Answers by itself how many parameters a statement has, which {@code sql:} asks before it runs one, and for which the driver
 * would ask the server: far away, that makes each query of a route twice as long.
 */
public final class CountedParameters extends DelegatingDataSource {

    private static final String COUNT = "getParameterCount";
    private static final String META_DATA = "getParameterMetaData";

    public CountedParameters(DataSource dataSource) {
        super(dataSource);
    }

    @Override
    public Connection getConnection() throws SQLException {
        Connection connection = super.getConnection();
        return proxy(Connection.class, (proxy, method, arguments) -> {
            Object made = call(connection, method, arguments);
            return made instanceof PreparedStatement statement
                            && arguments != null
                            && arguments[0] instanceof String sql
                    ? counted(statement, sql)
                    : made;
        });
    }

    private static PreparedStatement counted(PreparedStatement statement, String sql) {
        return proxy(
                PreparedStatement.class,
                (proxy, method, arguments) -> META_DATA.equals(method.getName())
                        ? proxy(
                                ParameterMetaData.class,
                                (metaData, asked, none) -> COUNT.equals(asked.getName())
                                        ? (Object) count(sql)
                                        : call(statement.getParameterMetaData(), asked, none))
                        : call(statement, method, arguments));
    }

    /** As the driver counts them: not in texts, comments and quoted names. */
    static int count(String sql) throws SQLException {
        int count = 0;
        for (NativeQuery query : Parser.parseJdbcSql(sql, true, true, true, false, false)) {
            count += query.bindPositions.length;
        }
        return count;
    }

    private static Object call(Object of, java.lang.reflect.Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(of, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
