using System.Collections;
using System.Globalization;
using System.Management.Automation;
using PrefectPS.Module.Tests.Support;

namespace PrefectPS.Module.Tests.Results;

/// <summary>What comes back of what a task returns, as <c>docs/results.md</c> says it, is what comes back.</summary>
public sealed class KeptTests(KeptTests.Place place) : IClassFixture<KeptTests.Place>
{
    private const string Same = "the same";
    private const string Refused = "refused";
    private const string Never = "never written";
    private const string Text = "its text";
    private const string Lines = "its elements' texts, one a line";

    // The second step reads the document with a flow that has never run, as another process would.
    private const string RoundTrip = """
        param($folder, $code, $serializer)
        $define = { New-Flow kept -Store $folder -Serializer $serializer { task a ([scriptblock]::Create($code)) } }
        $run = & $define | Invoke-FlowStep
        if ($run.Tasks[0].State -ne 'Success') { throw $run.Tasks[0].Message }
        $read = $run | ConvertFrom-FlowState | ConvertTo-FlowState -Flow (& $define)
        , $read.Tasks[0].Result
        """;

    public static IEnumerable<TheoryDataRow<string, string, string>> Cells() =>
        KeptTable.Cells().Select(cell => new TheoryDataRow<string, string, string>(cell.Returned, cell.Serializer, cell.Cell));

    [Theory]
    [MemberData(nameof(Cells))]
    public void The_table_says_what_comes_back(string returned, string serializer, string cell)
    {
        if (cell.StartsWith(Refused, StringComparison.Ordinal))
            Assert.Contains(RefusalOf(cell, serializer), Assert.ThrowsAny<RuntimeException>(() => Travel(returned, serializer)).Message, StringComparison.Ordinal);
        else
            Assert.Equal(Likeness.Of(Expected(returned, cell)), Likeness.Of(Travel(returned, serializer)));
    }

    [Theory]
    [InlineData("System.Int32")]
    [InlineData("System.Int64")]
    [InlineData("System.Int16")]
    [InlineData("System.Byte")]
    [InlineData("System.SByte")]
    [InlineData("System.UInt16")]
    [InlineData("System.UInt32")]
    [InlineData("System.UInt64")]
    [InlineData("System.Numerics.BigInteger")]
    [InlineData("System.Double")]
    [InlineData("System.Single")]
    [InlineData("System.Decimal")]
    [InlineData("System.Boolean")]
    [InlineData("System.Char")]
    [InlineData("System.String")]
    [InlineData("System.DateTime")]
    [InlineData("System.DateTimeOffset")]
    [InlineData("System.TimeSpan")]
    [InlineData("System.Guid")]
    [InlineData("System.Uri")]
    [InlineData("System.Version")]
    [InlineData("System.Byte[]")]
    [InlineData("System.Object[]")]
    [InlineData("System.Collections.Hashtable")]
    [InlineData("System.Collections.Specialized.OrderedDictionary")]
    [InlineData("System.Management.Automation.PSCustomObject")]
    [InlineData("System.DayOfWeek")]
    [InlineData("System.Int128")]
    [InlineData("System.Half")]
    [InlineData("System.DateOnly")]
    [InlineData("System.TimeOnly")]
    [InlineData("System.DBNull")]
    [InlineData("System.Int32[]")]
    [InlineData("System.Int32[][]")]
    [InlineData("System.Int32[,]")]
    [InlineData("System.Collections.ArrayList")]
    [InlineData("System.Management.Automation.OrderedHashtable")]
    [InlineData("System.Text.RegularExpressions.Regex")]
    [InlineData("System.Text.StringBuilder")]
    [InlineData("System.IO.MemoryStream")]
    [InlineData("System.Management.Automation.ErrorRecord")]
    [InlineData("System.Management.Automation.ScriptBlock")]
    [InlineData("System.Data.DataTable")]
    [InlineData("System.Xml.XmlDocument")]
    [InlineData("System.IO.FileInfo")]
    [InlineData("System.Security.SecureString")]
    public void The_table_has_a_row_for_every_type_a_task_is_likely_to_return(string type) =>
        Assert.Contains(type, KeptTable.Cells().Select(cell => cell.Returned).Distinct().Select(code => TypeOf(Evaluate(code))));

    // What JSON refuses with a remedy CLIXML refuses with the same; other values only CLIXML would change.
    private static string RefusalOf(string cell, string serializer) =>
        cell != Refused ? KeptTable.Code(cell) : serializer == "Text" ? "the serializer Text takes" : "-Serializer Json";

    private object? Expected(string returned, string cell) =>
        cell.StartsWith(Same, StringComparison.Ordinal) ? Evaluate(returned)
        : cell == Never ? null
        : cell == Text ? TextOf(Evaluate(returned))
        : cell == Lines ? LinesOf(Evaluate(returned))
        : Evaluate(KeptTable.Code(cell));

    private static string LinesOf(object? value) => value is IEnumerable items and not string ? string.Join('\n', items.Cast<object?>().Select(LinesOf)) : TextOf(value);

    private static string TextOf(object? value) =>
        value is PSObject wrapped ? TextOf(wrapped.BaseObject is PSCustomObject ? wrapped.ToString() : wrapped.BaseObject)
        : Convert.ToString(value, CultureInfo.InvariantCulture) ?? string.Empty;

    private static string? TypeOf(object? value) =>
        (value is PSObject { BaseObject: not PSCustomObject } wrapped ? wrapped.BaseObject : value) is var bare && bare is PSObject ? typeof(PSCustomObject).FullName
            : bare?.GetType().FullName;

    private object? Travel(string returned, string serializer) =>
        place.Run($"& {{ {RoundTrip} }} @args", place.Folder, $", ({place.Put(returned)})", serializer);

    private object? Evaluate(string code) => place.Run($", ({place.Put(code)})");

    /// <summary>A session, and a folder with the file of the table.</summary>
    public sealed class Place : IDisposable
    {
        private readonly TemporaryFolder _folder = new();
        private readonly ModuleSession _session = ModuleSession.Open();

        public Place() => File.WriteAllText(_folder["data.csv"], "a,b");

        public string Folder => _folder["store"];

        public object? Run(string script, params object?[] arguments) => _session.Run(script, arguments).Output.Single();

        /// <summary>Code of the table with the place of its file.</summary>
        public string Put(string code) => code.Replace("'data.csv'", $"'{_folder["data.csv"]}'", StringComparison.Ordinal);

        public void Dispose()
        {
            _session.Dispose();
            _folder.Dispose();
        }
    }
}
