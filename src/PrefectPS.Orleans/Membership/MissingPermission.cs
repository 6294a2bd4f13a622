using System.Data.Common;
using Microsoft.Data.SqlClient;

namespace PrefectPS.Orleans.Membership;

/// <summary>Recognizes the error codes of missing database permissions.</summary>
internal static class MissingPermission
{
    // PostgreSQL: insufficient_privilege; invalid_schema_name, where the role may use no schema of its search path.
    private const string InsufficientPrivilege = "42501";
    private const string InvalidSchemaName = "3F000";

    // SQL Server: permission denied on an object; in a database; no such schema, or none that may be used.
    private const int ObjectDenied = 229;
    private const int DatabaseDenied = 262;
    private const int SchemaDenied = 2760;

    public static bool IsCauseOf(DbException error, string scheme) =>
        scheme == MembershipSchemes.SqlServer ? IsSqlServer(error) : error.SqlState is InsufficientPrivilege or InvalidSchemaName;

    // A method of its own: only calling it loads Microsoft.Data.SqlClient.
    private static bool IsSqlServer(DbException error) => error is SqlException { Number: ObjectDenied or DatabaseDenied or SchemaDenied };
}
