namespace PrefectPS.Orleans.Membership;

/// <summary>The address schemes of SQL databases.</summary>
internal static class MembershipSchemes
{
    public const string Postgres = "postgres";
    public const string SqlServer = "sqlserver";
}
