namespace PrefectPS.Orleans.Membership;

/// <summary>The schemes of the addresses of databases.</summary>
internal static class MembershipSchemes
{
    public const string Postgres = "postgres";
    public const string SqlServer = "sqlserver";
}
