using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Host;
using PrefectPS.Results;
using PrefectPS.Tasks;

namespace PrefectPS.Cluster;

/// <summary>The session's environment as sent to a worker, so that a body behaves there as it would here.</summary>
internal static class SentSurroundings
{
    // Settings that are not data, or are specific to this machine: the worker uses its own.
    private static readonly HashSet<string> StayHere = new(StringComparer.OrdinalIgnoreCase) { "OutputEncoding", "PSSessionOption", "PSEmailServer" };

    private static readonly JsonSerializer Json = new(PowerShellValues.Instance);

    /// <summary>Captures the session's current environment; call on its own thread.</summary>
    public static Hashtable Of(Surroundings surroundings, Surroundings.Moment now, PathInfo location, ActionPreference errorAction) => new(StringComparer.Ordinal)
    {
        ["location"] = location.Path,
        ["path"] = location.Provider.Name == "FileSystem" ? location.ProviderPath : null,
        ["culture"] = now.Culture.Name,
        ["uiCulture"] = now.UICulture.Name,
        ["errorAction"] = (int)errorAction,
        ["strictMode"] = surroundings.StrictMode?.ToString(),
        ["globals"] = TableOf(surroundings.Globals),
        ["preferences"] = TableOf(now.Preferences),
        ["drives"] = surroundings.Drives.Select(drive => (object)new object[] { drive.Name, drive.Root, drive.Location }).ToArray(),
        ["buffer"] = SizeOf(surroundings.Window.Buffer),
        ["window"] = SizeOf(surroundings.Window.Window),
        ["colours"] = new object[] { (int)surroundings.Window.Foreground, (int)surroundings.Window.Background },
        ["terminal"] = surroundings.Window.SupportsVirtualTerminal,
    };

    /// <summary>The environment of a body in a worker.</summary>
    /// <param name="sent">What was sent.</param>
    /// <param name="home">The worker's location, if the session's does not exist there.</param>
    public static Surroundings.Moment Read(Hashtable sent, string home)
    {
        (string Name, string Root, string Location)[] drives =
            [.. ((object[])sent["drives"]!).Cast<object[]>().Select(drive => ((string)drive[0], (string)drive[1], (string)drive[2])).Where(drive => Directory.Exists(drive.Item2))];
        var location = new[] { sent["location"], sent["path"] }.OfType<string>().FirstOrDefault(path => Directory.Exists(path) || IsOn(drives, path)) ?? home;
        return new(location, CultureInfo.GetCultureInfo((string)sent["culture"]!), CultureInfo.GetCultureInfo((string)sent["uiCulture"]!), EntriesOf(sent["preferences"]))
        {
            Globals = EntriesOf(sent["globals"]),
            Drives = drives,
            Window = WindowOf(sent),
        };
    }

    /// <summary>The version of strict mode; null if it is off.</summary>
    public static Version? StrictModeOf(Hashtable sent) => sent["strictMode"] is string text ? Version.Parse(text) : null;

    /// <summary>The flow's action for non-terminating errors.</summary>
    public static ActionPreference ErrorActionOf(Hashtable sent) => (ActionPreference)(int)sent["errorAction"]!;

    private static bool IsOn((string Name, string Root, string Location)[] drives, string path)
    {
        var end = path.IndexOf(':');
        return end > 0 && Array.Exists(drives, drive => string.Equals(drive.Name, path.Substring(0, end), StringComparison.OrdinalIgnoreCase)
            && Directory.Exists(Path.Combine(drive.Root, path.Substring(end + 1).TrimStart('/', '\\'))));
    }

    private static object[]? SizeOf(Size? size) => size is { } some ? new object[] { some.Width, some.Height } : null;

    private static Size? ToSize(object? sent) => sent is object[] size ? new((int)size[0], (int)size[1]) : null;

    private static HostWindow WindowOf(Hashtable sent)
    {
        var colours = (object[])sent["colours"]!;
        return new(ToSize(sent["buffer"]), ToSize(sent["window"]), ((ConsoleColor)(int)colours[0], (ConsoleColor)(int)colours[1]), (bool)sent["terminal"]!);
    }

    private static Hashtable TableOf(IEnumerable<KeyValuePair<string, object?>> preferences)
    {
        var table = new Hashtable(StringComparer.OrdinalIgnoreCase);
        foreach (var preference in preferences.Where(preference => !StayHere.Contains(preference.Key)))
        {
            var value = PowerShellValues.Instance.Unwrap(preference.Value);
            if (value is Enum name)
                table[preference.Key] = name.ToString();
            else if (value is IDictionary parameters)
                table[preference.Key] = Sendable(parameters);
            else if (value is not null && CanBeSent(value))
                table[preference.Key] = value;
        }

        return table;
    }

    // A default value that is code, or an object of this process, cannot be sent.
    private static Hashtable Sendable(IDictionary parameters)
    {
        var table = new Hashtable(StringComparer.OrdinalIgnoreCase);
        foreach (DictionaryEntry parameter in parameters)
        {
            if (parameter.Value is null || CanBeSent(parameter.Value))
                table[parameter.Key] = parameter.Value;
        }

        return table;
    }

    private static bool CanBeSent(object value)
    {
        if (value is string or bool or int)
            return true;
        try
        {
            _ = Json.ToBytes(value);
            return true;
        }
        catch (FlowException)
        {
            return false;
        }
    }

    private static IReadOnlyList<KeyValuePair<string, object?>> EntriesOf(object? table) =>
        [.. ((Hashtable)table!).Cast<DictionaryEntry>().Select(e => new KeyValuePair<string, object?>((string)e.Key, Restored((string)e.Key, e.Value)))];

    private static object? Restored(string name, object? value) => value switch
    {
        Hashtable parameters => new DefaultParameterDictionary(parameters),
        string text when name.EndsWith("Preference", StringComparison.OrdinalIgnoreCase) && name is not ("ConfirmPreference" or "PSModuleAutoloadingPreference")
            && Enum.TryParse<ActionPreference>(text, ignoreCase: true, out var action) => action,
        string text when name.Equals("ConfirmPreference", StringComparison.OrdinalIgnoreCase) && Enum.TryParse<ConfirmImpact>(text, ignoreCase: true, out var impact) => impact,
        _ => value,
    };
}
