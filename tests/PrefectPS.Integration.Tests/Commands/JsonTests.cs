using System.Text.Json.Nodes;

namespace PrefectPS.Integration.Tests.Commands;

/// <summary>ConvertTo-Json and ConvertFrom-Json.</summary>
public sealed class JsonTests(CommandSession session) : IClassFixture<CommandSession>
{
    [Theory]
    [InlineData("$null", "null")]
    [InlineData("'a\"b\\c/é<>&'", "\"a\\\"b\\\\c/é<>&\"")]
    [InlineData("1, [long]::MaxValue, [bigint]::Pow(10, 20)", "[1,9223372036854775807,100000000000000000000]")]
    [InlineData("2.5, [double] 3, [decimal] 4, 1e30", "[2.5,3.0,4.0,1E+30]")]
    [InlineData("[double]::NaN, [double]::PositiveInfinity", "[\"NaN\",\"Infinity\"]")]
    [InlineData("$true, [char] 'x', [uri] 'http://x/'", "[true,\"x\",\"http://x/\"]")]
    [InlineData("[guid]::Empty", "\"00000000-0000-0000-0000-000000000000\"")]
    [InlineData("[datetime]::new(2024, 1, 2, 3, 4, 5, [DateTimeKind]::Utc)", "\"2024-01-02T03:04:05Z\"")]
    [InlineData("[DayOfWeek]::Friday", "5")]
    [InlineData("@{}", "{}")]
    [InlineData("@()", "[]")]
    [InlineData("[ordered]@{ b = 1; a = @{ c = @(1, $null) } }", "{\"b\":1,\"a\":{\"c\":[1,null]}}")]
    [InlineData("[pscustomobject]@{ Name = 'x'; List = @(1) }", "{\"Name\":\"x\",\"List\":[1]}")]
    [InlineData("[version] '1.2'", "{\"Major\":1,\"Minor\":2,\"Build\":-1,\"Revision\":-1,\"MajorRevision\":-1,\"MinorRevision\":-1}")]
    public async Task ConvertTo_Json_writes_every_kind_of_value(string value, string expected)
    {
        Assert.Equal([expected], await session.RunAsync($"ConvertTo-Json ({value}) -Compress -Depth 5"));
    }

    [Theory]
    [InlineData("1, 2 | ConvertTo-Json -Compress", "[1,2]")]
    [InlineData("1 | ConvertTo-Json -Compress", "1")]
    [InlineData("1 | ConvertTo-Json -Compress -AsArray", "[1]")]
    [InlineData("[DayOfWeek]::Friday | ConvertTo-Json -EnumsAsStrings", "\"Friday\"")]
    [InlineData("ConvertTo-Json @{ a = @{ b = 1 } }", "{|  \"a\": {|    \"b\": 1|  }|}")]
    public async Task ConvertTo_Json_shapes_the_text(string command, string expected) =>
        Assert.Equal(expected, string.Join('|', await session.RunAsync(command)));

    [Theory]
    [InlineData("", "{\"a\":{\"b\":{\"c\":\"System.Collections.Hashtable\"}}}", 2)]
    [InlineData("-Depth 0", "{\"a\":\"System.Collections.Hashtable\"}", 0)]
    public async Task ConvertTo_Json_warns_when_it_cuts(string parameters, string expected, int depth)
    {
        var lines = await session.RunAsync($"@{{ a = @{{ b = @{{ c = @{{ d = 1 }} }} }} }} | ConvertTo-Json -Compress {parameters}");

        Assert.Equal([expected, $"WARNING: Resulting JSON is truncated as serialization has exceeded the set depth of {depth}."], lines);
    }

    [Theory]
    [InlineData("1", "Int64")]
    [InlineData("1.0", "Double")]
    [InlineData("123456789012345678901", "BigInteger")]
    [InlineData("\"text\"", "String")]
    [InlineData("\"2024-01-02\"", "String")]
    [InlineData("\"2024-01-02T03:04:05Z\"", "DateTime")]
    [InlineData("true", "Boolean")]
    [InlineData("{}", "PSCustomObject")]
    public async Task ConvertFrom_Json_gives_each_value_its_type(string json, string type) =>
        Assert.Equal([type], await session.RunAsync($"('{json}' | ConvertFrom-Json).GetType().Name"));

    [Theory]
    [InlineData("('{\"a\":{\"b\":[1,{\"c\":null}]}}' | ConvertFrom-Json).a.b[1].psobject.Properties.Name", "c")]
    [InlineData("('[1,[2,3]]' | ConvertFrom-Json | ForEach-Object { $_ -join '+' }) -join '|'", "1|2+3")]
    [InlineData("('[1,2]' | ConvertFrom-Json -NoEnumerate | ForEach-Object { $_.Count })", "2")]
    [InlineData("('{\"b\":1,\"a\":2,\"A\":3,\"\":4}' | ConvertFrom-Json -AsHashtable).Keys -join ','", "b,a,A,")]
    [InlineData("('{\"a\":1,\"a\":2}' | ConvertFrom-Json).a", "2")]
    [InlineData("('{', '\"a\": 1 // note', ',}' | ConvertFrom-Json).a", "1")]
    [InlineData("('{\"a\":1}', '{\"a\":2}' | ConvertFrom-Json).a -join ','", "1,2")]
    [InlineData("$null -eq ('' | ConvertFrom-Json)", "True")]
    public async Task ConvertFrom_Json_reads_every_shape(string command, string expected) =>
        Assert.Equal([expected], await session.RunAsync(command));

    [Theory]
    [InlineData("{\"a\":", "Conversion from JSON failed")]
    [InlineData("{\"a\":1,\"A\":2}", "differ only in case")]
    [InlineData("{\"\":1}", "empty name")]
    public async Task ConvertFrom_Json_says_what_is_wrong(string json, string message)
    {
        var lines = await session.RunAsync($"try {{ '{json}' | ConvertFrom-Json }} catch [ArgumentException] {{ $_.Exception.Message }}");

        Assert.Contains(message, Assert.Single(lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ConvertFrom_Json_goes_no_deeper_than_asked()
    {
        var lines = await session.RunAsync("'[[[1]]]' | ConvertFrom-Json -Depth 2");

        Assert.Contains("depth", Assert.Single(lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_written_can_be_read_again()
    {
        const string Json = """{"s":"zażółć 😀\u2028\n","n":[1,2.5,true,null],"o":{"x":{"y":[]}}}""";

        var lines = await session.RunAsync(
            $"$a = '{Json}' | ConvertFrom-Json; $b = $a | ConvertTo-Json -Depth 9 | ConvertFrom-Json; $b.s -ceq $a.s; "
            + "$b | ConvertTo-Json -Depth 9 -Compress");

        Assert.Equal("True", lines[0]);
        Assert.Equal(JsonNode.Parse(Json)!.ToJsonString(), JsonNode.Parse(lines[1])!.ToJsonString());
    }
}
