using System.Text.RegularExpressions;
using Microsoft.SqlServer.TransactSql.ScriptDom;
using PrefectPS.Orleans.Membership;

namespace PrefectPS.Integration.Tests.Clusters;

/// <summary>The SQL Server script, which no test can run: it is parsed, and compared with the tested PostgreSQL script.</summary>
public sealed partial class SqlServerScriptTests
{
    private static readonly TSqlBatch Batch = Assert.Single(Assert.IsType<TSqlScript>(Parse(Read(MembershipSchemes.SqlServer))).Batches);
    private static readonly Dictionary<string, string> Statements = StatementsOf(Batch);
    private static readonly Dictionary<string, string> PostgresStatements =
        PostgresStatement().Matches(Read(MembershipSchemes.Postgres)).ToDictionary(each => each.Groups["key"].Value, each => each.Groups["text"].Value);

    public static TheoryData<string> Keys => [.. PostgresStatements.Keys];

    /// <summary>Normalizes what differs by database: hints on locks and results.</summary>
    public static TheoryData<string> AlikeKeys => [.. PostgresStatements.Keys.Where(key => !PostgresStatements[key].Contains("exists (", StringComparison.Ordinal))];

    [Fact]
    public void The_script_is_one_batch_with_the_same_statements()
    {
        Assert.Equal(9, PostgresStatements.Count);
        Assert.Equal(PostgresStatements.Keys.Order(), Statements.Keys.Order());
    }

    [Fact]
    public void The_script_recognizes_a_membership_by_its_inserted_keys()
    {
        var known = Find<InPredicate>(Batch).Single().Values.Cast<StringLiteral>().Select(each => each.Value);
        Assert.Equal(Statements.Keys.Order(), known.Order());
    }

    [Fact]
    public void The_tables_have_the_same_columns()
    {
        var tables = Find<CreateTableStatement>(Batch).ToDictionary(
            table => table.SchemaObjectName.BaseIdentifier.Value,
            table => table.Definition.ColumnDefinitions.Select(column => column.ColumnIdentifier.Value));
        var postgres = PostgresTable().Matches(Read(MembershipSchemes.Postgres)).ToDictionary(
            each => each.Groups["table"].Value,
            each => each.Groups["column"].Captures.Select(column => column.Value));
        Assert.Equal(3, postgres.Count);
        foreach (var (table, columns) in postgres)
            Assert.Equal(columns, tables[table]);
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public void A_statement_takes_the_same_parameters(string key) =>
        Assert.Equal(Parameter().Matches(PostgresStatements[key]).Select(each => each.Value).Distinct().Order(), UsedIn(Parse(Statements[key])).Order());

    // A database may tell capitals from small letters, and the names of parameters are those of Orleans.
    [Theory]
    [MemberData(nameof(Keys))]
    public void A_statement_has_names_as_they_were_created(string key)
    {
        var columns = Find<ColumnDefinition>(Batch).Select(each => each.ColumnIdentifier.Value).ToHashSet(StringComparer.Ordinal);
        var statement = Parse(Statements[key]);
        Assert.All(Find<ColumnReferenceExpression>(statement), each => Assert.Contains(each.MultiPartIdentifier.Identifiers[^1].Value, columns));
        Assert.All(UsedIn(statement), each => Assert.Contains(each.TrimStart('@'), columns.Append("DeploymentId")));
    }

    [Theory]
    [MemberData(nameof(AlikeKeys))]
    public void A_statement_of_one_table_or_a_join_is_the_same(string key) => Assert.Equal(Plain(PostgresStatements[key]), Plain(Statements[key]));

    private static string Plain(string statement) =>
        Space().Replace(statement.Replace("set nocount on;", "").Replace("with (holdlock)", "").Replace("loop join", "join").Replace(";", ""), " ").Trim();

    private static string Read(string scheme) => File.ReadAllText(MembershipSchema.PathOf(scheme));

    private static TSqlFragment Parse(string sql)
    {
        var fragment = new TSql130Parser(initialQuotedIdentifiers: true).Parse(new StringReader(sql), out var errors);
        Assert.Empty(errors.Select(error => $"line {error.Line}: {error.Message}"));
        return fragment;
    }

    private static Dictionary<string, string> StatementsOf(TSqlFragment batch) =>
        Find<InsertStatement>(batch)
            .Select(insert => insert.InsertSpecification.InsertSource).Cast<ValuesInsertSource>().Single().RowValues
            .ToDictionary(row => ((StringLiteral)row.ColumnValues[0]).Value, row => ((StringLiteral)row.ColumnValues[1]).Value);

    private static IEnumerable<string> UsedIn(TSqlFragment statement) =>
        Find<VariableReference>(statement).Select(each => each.Name).Distinct().Except(Find<DeclareVariableElement>(statement).Select(each => each.VariableName.Value));

    private static List<T> Find<T>(TSqlFragment fragment)
        where T : TSqlFragment
    {
        var finder = new Finder<T>();
        fragment.Accept(finder);
        return finder.Found;
    }

    [GeneratedRegex(@"\('(?<key>\w+)', \$query\$(?<text>.*?)\$query\$\)", RegexOptions.Singleline)]
    private static partial Regex PostgresStatement();

    [GeneratedRegex(@"create table (?<table>\w+) \((?:\s+(?!primary key \()(?<column>\w+) [^\n]*,(?=\n))*(?:\s+(?!primary key \()(?<column>\w+) [^\n]*\);(?=\n))?")]
    private static partial Regex PostgresTable();

    [GeneratedRegex(@"@\w+")]
    private static partial Regex Parameter();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();

    private sealed class Finder<T> : TSqlFragmentVisitor
        where T : TSqlFragment
    {
        public List<T> Found { get; } = [];

        public override void Visit(TSqlFragment fragment)
        {
            if (fragment is T found)
                Found.Add(found);
        }
    }
}
