using System.Management.Automation;
using System.Management.Automation.Host;

namespace PrefectPS.Host.Terminal;

/// <summary>The newest progress record as one line at the bottom of a terminal, out of the way of all other output.</summary>
internal sealed class ProgressLine(PSHostRawUserInterface terminal, TimeProvider time)
{
    private const string ClearLine = "\r\e[K";
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private long? _lastShown;
    private bool _isShown;

    /// <summary>Shows <paramref name="record"/>, unless the last one was shown only just now.</summary>
    public void Show(ProgressRecord record)
    {
        if (record.RecordType == ProgressRecordType.Completed)
        {
            Clear();
            return;
        }

        var now = time.GetTimestamp();
        if (_lastShown is { } last && time.GetElapsedTime(last, now) < Interval)
            return;

        _lastShown = now;
        _isShown = true;
        Console.Out.Write($"{ClearLine}{PSStyle.Instance.Progress.Style}{Describe(record)}{PSStyle.Instance.Reset}");
    }

    /// <summary>Takes the line away.</summary>
    public void Clear()
    {
        if (!_isShown)
            return;

        _isShown = false;
        Console.Out.Write(ClearLine);
    }

    private string Describe(ProgressRecord record)
    {
        var percent = record.PercentComplete < 0 ? "" : $" {record.PercentComplete}%";
        var operation = string.IsNullOrEmpty(record.CurrentOperation) ? "" : $" {record.CurrentOperation}";
        var text = $"{record.Activity}: {record.StatusDescription}{percent}{operation}".ReplaceLineEndings(" ");
        var room = Math.Max(1, terminal.WindowSize.Width - 1);
        return text.Length <= room ? text : text[..room];
    }
}
