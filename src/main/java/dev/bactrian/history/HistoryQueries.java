package dev.bactrian.history;

import dev.bactrian.postgres.CountedParameters;
import java.sql.SQLException;
import java.util.Map;
import java.util.Set;
import javax.sql.DataSource;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.component.sql.DefaultSqlPrepareStatementStrategy;
import org.apache.camel.component.sql.SqlComponent;
import org.apache.camel.component.sql.SqlEndpoint;

/**
 * Camel's {@code sql:}, which finds the tables of the history wherever they are: what a route asks of the history, from a
 * file or not, gets their schema ({@link HistorySchema#in}). What it asks of another database stays as it is. A query that names no
 * data source is one to the history.
 */
public final class HistoryQueries extends SqlComponent {

    private final HistorySchema schema;
    private final Set<DataSource> history;

    /** For a history that is reached in two ways, of which the first is that of queries that name none. */
    public HistoryQueries(HistorySchema schema, DataSource usual, DataSource other) {
        this.schema = schema;
        this.history = Set.of(usual, other);
        setDataSource(usual);
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        Endpoint made = super.createEndpoint(uri, remaining, parameters);
        if (!(made instanceof SqlEndpoint endpoint)) {
            return made;
        }
        DataSource asked = endpoint.getJdbcTemplate().getDataSource();
        if (asked == null) {
            return made;
        }
        if (endpoint.getPrepareStatementStrategy() == null && history.contains(asked)) {
            endpoint.setPrepareStatementStrategy(new InSchema(endpoint.getSeparator()));
        }
        endpoint.getJdbcTemplate().setDataSource(new CountedParameters(asked));
        return made;
    }

    private final class InSchema extends DefaultSqlPrepareStatementStrategy {

        InSchema(char separator) {
            super(separator);
        }

        @Override
        public String prepareQuery(String query, boolean allowNamedParameters, Exchange exchange) throws SQLException {
            return schema.in(super.prepareQuery(query, allowNamedParameters, exchange));
        }
    }
}
