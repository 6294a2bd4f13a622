namespace PrefectPS.Integration.Tests.Commands;

public sealed class GetDateTests(CommandSession session) : IClassFixture<CommandSession>
{
    private const string Moment = "[datetime]::new(2023, 3, 5, 14, 7, 9, 45, [DateTimeKind]::Utc)";

    [Theory]
    [InlineData("Get-Date -Date '2024-02-03 04:05:06' -Format 'yyyy/MM/dd HH:mm:ss'", "2024/02/03 04:05:06")]
    [InlineData("'2024-02-03' | Get-Date -Format s", "2024-02-03T00:00:00")]
    [InlineData("Get-Date 2024-02-03 -Format FileDate", "20240203")]
    [InlineData("Get-Date '2024-02-03 04:05:06.789' -Format FileDateTime", "20240203T0405067890")]
    [InlineData("Get-Date (" + Moment + ") -Format FileDateTimeUniversal", "20230305T1407090450Z")]
    [InlineData("Get-Date (" + Moment + ") -Format FileDateUniversal", "20230305Z")]
    [InlineData("Get-Date '2024-01-31' -Year 2023 -Month 2 -Day 20 -Format yyyy-MM-dd", "2023-02-20")]
    [InlineData("Get-Date '2024-01-31' -Hour 1 -Minute 2 -Second 3 -Millisecond 4 -Format HH:mm:ss.fff", "01:02:03.004")]
    [InlineData("Get-Date -UnixTimeSeconds 1700000000 -AsUTC -Format o", "2023-11-14T22:13:20.0000000Z")]
    [InlineData("(Get-Date -AsUTC).Kind", "Utc")]
    [InlineData("(Get-Date).GetType().Name", "DateTime")]
    [InlineData("[Math]::Abs(((Get-Date) - [datetime]::Now).TotalMinutes) -lt 1", "True")]
    public async Task A_date_is_made_and_formatted(string command, string expected) =>
        Assert.Equal([expected], await session.RunAsync(command));

    [Fact]
    public async Task Unix_specifiers_are_those_of_PowerShell()
    {
        (string Specifier, string Expected)[] cases =
        [
            ("%A %a", "Sunday Sun"), ("%B %b %h", "March Mar Mar"), ("%C", "20"), ("%c", "Sun 05 Mar 2023 14:07:09"), ("%D", "03/05/23"),
            ("%d", "05"), ("%e", " 5"), ("%F", "2023-03-05"), ("%G-W%V", "2023-W09"), ("%g", "23"), ("%H", "14"), ("%I", "02"),
            ("%j", "064"), ("%k", "14"), ("%l", " 2"), ("%M", "07"), ("%m", "03"), ("%p", "PM"), ("%R", "14:07"), ("%r", "02:07:09 PM"),
            ("%S", "09"), ("%s", "1678025229"), ("%T", "14:07:09"), ("%U %W", "9 9"), ("%u %w", "7 0"), ("%X", "14:07:09"),
            ("%x", "03/05/23"), ("%Y %y", "2023 23"), ("%Z", "+00"), ("%%", "%"), ("+%Y", "2023"), ("week %V!", "week 09!"),
        ];
        foreach (var (specifier, expected) in cases)
            Assert.Equal([expected], await session.RunAsync($"Get-Date ({Moment}) -UFormat '{specifier}'"));
    }
}
