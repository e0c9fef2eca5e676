package io.konnectproxy.queries;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A DuckDB in memory, of one thread and at most 1 GB. Whole numbers are longs, whatever their type. */
final class Duck implements AutoCloseable {
    private final Connection connection;

    Duck() throws SQLException {
        connection = DriverManager.getConnection("jdbc:duckdb:");
        run("SET threads = 1");
        run("SET memory_limit = '1GB'");
        run("SET TimeZone = 'UTC'");
    }

    void run(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    List<@Nullable Object[]> rows(String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            List<@Nullable Object[]> rows = new ArrayList<>();
            while (result.next()) {
                @Nullable
                Object[] row = new @Nullable Object[result.getMetaData().getColumnCount()];
                for (int i = 0; i < row.length; i++) {
                    Object value = result.getObject(i + 1);
                    row[i] = value instanceof Number number && !(value instanceof Double)
                            ? (Object) number.longValue()
                            : value;
                }
                rows.add(row);
            }
            return rows;
        }
    }

    long number(String sql) throws SQLException {
        return (Long) java.util.Objects.requireNonNull(rows(sql).get(0)[0]);
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
