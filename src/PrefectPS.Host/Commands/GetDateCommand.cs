using System.Globalization;
using System.Management.Automation;
using PrefectPS.Host.Commands.Dates;

namespace PrefectPS.Host.Commands;

/// <summary>The time now, or a given one, as an object or formatted.</summary>
[Cmdlet(VerbsCommon.Get, "Date", DefaultParameterSetName = DateSet)]
[OutputType(typeof(DateTime), typeof(string))]
internal sealed class GetDateCommand : PSCmdlet
{
    private const string DateSet = "DateAndFormat";
    private const string DateUnixSet = "DateAndUFormat";
    private const string SecondsSet = "UnixTimeSecondsAndFormat";
    private const string SecondsUnixSet = "UnixTimeSecondsAndUFormat";

    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = DateSet)]
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = DateUnixSet)]
    [Alias("LastWriteTime")]
    public DateTime? Date { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = SecondsSet)]
    [Parameter(Mandatory = true, ParameterSetName = SecondsUnixSet)]
    [Alias("UnixTime")]
    public long? UnixTimeSeconds { get; set; }

    [Parameter]
    [ValidateRange(1, 9999)]
    public int? Year { get; set; }

    [Parameter]
    [ValidateRange(1, 12)]
    public int? Month { get; set; }

    [Parameter]
    [ValidateRange(1, 31)]
    public int? Day { get; set; }

    [Parameter]
    [ValidateRange(0, 23)]
    public int? Hour { get; set; }

    [Parameter]
    [ValidateRange(0, 59)]
    public int? Minute { get; set; }

    [Parameter]
    [ValidateRange(0, 59)]
    public int? Second { get; set; }

    [Parameter]
    [ValidateRange(0, 999)]
    public int? Millisecond { get; set; }

    [Parameter]
    public SwitchParameter AsUTC { get; set; }

    [Parameter(ParameterSetName = DateSet)]
    [Parameter(ParameterSetName = SecondsSet)]
    [ArgumentCompletions("FileDate", "FileDateUniversal", "FileDateTime", "FileDateTimeUniversal")]
    public string? Format { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = DateUnixSet)]
    [Parameter(Mandatory = true, ParameterSetName = SecondsUnixSet)]
    public string? UFormat { get; set; }

    protected override void ProcessRecord()
    {
        var date = ReplaceParts(Start());
        if (AsUTC)
            date = date.ToUniversalTime();

        if (UFormat is not null)
            WriteObject(UnixDateFormat.Format(date, UFormat));
        else if (Format is not null)
            WriteObject(ToText(date, Format));
        else
            WriteObject(date);
    }

    private DateTime Start() => UnixTimeSeconds is { } seconds
        ? DateTimeOffset.FromUnixTimeSeconds(seconds).LocalDateTime
        : Date ?? DateTime.Now;

    // Differences are added, so that the 31st of a short month is a day of the next one.
    private DateTime ReplaceParts(DateTime date)
    {
        date = date.AddYears((Year ?? date.Year) - date.Year);
        date = date.AddMonths((Month ?? date.Month) - date.Month);
        date = date.AddDays((Day ?? date.Day) - date.Day);
        date = date.AddHours((Hour ?? date.Hour) - date.Hour);
        date = date.AddMinutes((Minute ?? date.Minute) - date.Minute);
        date = date.AddSeconds((Second ?? date.Second) - date.Second);
        return Millisecond is { } millisecond
            ? date.AddTicks((millisecond * TimeSpan.TicksPerMillisecond) - (date.Ticks % TimeSpan.TicksPerSecond))
            : date;
    }

    private static string ToText(DateTime date, string format) => format.ToUpperInvariant() switch
    {
        "FILEDATE" => date.ToString("yyyyMMdd", CultureInfo.InvariantCulture),
        "FILEDATEUNIVERSAL" => date.ToUniversalTime().ToString("yyyyMMddZ", CultureInfo.InvariantCulture),
        "FILEDATETIME" => date.ToString("yyyyMMddTHHmmssffff", CultureInfo.InvariantCulture),
        "FILEDATETIMEUNIVERSAL" => date.ToUniversalTime().ToString("yyyyMMddTHHmmssffffZ", CultureInfo.InvariantCulture),
        _ => date.ToString(format, CultureInfo.CurrentCulture),
    };
}
