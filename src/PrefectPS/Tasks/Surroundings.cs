using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Management.Automation.Runspaces;
using System.Threading;

namespace PrefectPS.Tasks;

/// <summary>The environment of a session: location, cultures, strict mode, preferences, language mode.</summary>
internal sealed class Surroundings
{
    private const string DefaultParameters = "PSDefaultParameterValues";

    // Error preferences are those of the flow.
    private static readonly string[] Preferences =
    [
        "VerbosePreference", "DebugPreference", "InformationPreference", "WarningPreference", "ProgressPreference", "ConfirmPreference", "WhatIfPreference",
        "ErrorView", "OFS", "OutputEncoding", "PSModuleAutoloadingPreference", "PSNativeCommandArgumentPassing", "PSEmailServer", "PSSessionOption",
        "FormatEnumerationLimit", DefaultParameters,
    ];

    private readonly SessionState _caller;
    private readonly Dictionary<string, object?> _globals = [];
    private readonly PSDriveInfo[] _drives;

    /// <summary>Captures a session; call on its own thread.</summary>
    public Surroundings(SessionState caller, PSHost host)
    {
        _caller = caller;
        Window = new(host);
        LanguageMode = caller.LanguageMode;
        StrictMode = StrictModes.Current(caller);
        foreach (var name in Preferences)
            _globals[name] = Copy(caller.PSVariable.GetValue($"global:{name}"));
        _drives = [.. caller.Drive.GetAllForProvider("FileSystem")];
    }

    public PSLanguageMode LanguageMode { get; }

    /// <summary>The window of its host.</summary>
    public HostWindow Window { get; }

    /// <summary>The version of strict mode; null if it is off.</summary>
    public Version? StrictMode { get; }

    /// <summary>The settings that may change from one task to the next. Read on the session's thread.</summary>
    public Moment Now() => new(_caller.Path.CurrentLocation.Path, CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture, Locals());

    /// <summary>The session's preferences that have a value, by name.</summary>
    public IEnumerable<KeyValuePair<string, object?>> Globals => _globals.Where(preference => preference.Value is not null);

    /// <summary>Applies the constant settings to a runspace.</summary>
    public void Furnish(Runspace runspace)
    {
        var session = runspace.SessionStateProxy;
        foreach (var preference in Globals)
            session.SetVariable(preference.Key, preference.Value);
        foreach (var drive in _drives)
            Add(session, drive);
        session.LanguageMode = LanguageMode;
    }

    /// <summary>The session's drives of the file system, by name, with their roots and the locations on them.</summary>
    public IEnumerable<(string Name, string Root, string Location)> Drives => _drives.Select(drive => (drive.Name, drive.Root, drive.CurrentLocation));

    /// <summary>Applies the settings of a remote session to a runspace.</summary>
    public static void Furnish(Runspace runspace, Moment now)
    {
        var session = runspace.SessionStateProxy;
        foreach (var preference in now.Globals)
            session.SetVariable(preference.Key, preference.Value);
        foreach (var (name, root, location) in now.Drives)
        {
            if (Directory.Exists(root))
                Add(session, new(name, session.Provider.GetOne("FileSystem"), root, description: null, credential: null) { CurrentLocation = location });
        }
    }

    /// <summary>Sets the location of a runspace to the session's.</summary>
    /// <remarks>If the session's location no longer exists, relative paths fail, as they would in the session.</remarks>
    public static void Move(Runspace runspace, string location)
    {
        if (runspace.SessionStateProxy.Path.CurrentLocation.Path == location)
            return;
        using var shell = PowerShell.Create();
        shell.Runspace = runspace;
        shell.AddCommand(@"Microsoft.PowerShell.Management\Set-Location").AddParameter("LiteralPath", location).Invoke();
    }

    // Preferences of the calling script or function are not the session's.
    private List<KeyValuePair<string, object?>> Locals()
    {
        var locals = new List<KeyValuePair<string, object?>>();
        foreach (var name in Preferences)
        {
            var value = _caller.PSVariable.GetValue(name);
            if (value is IDictionary || !Equals(Bare(value), Bare(_globals[name])))
                locals.Add(new(name, Copy(value)));
        }

        return locals;
    }

    // Copied, because two runspaces must not write to the same table.
    private static object? Copy(object? value) => Bare(value) is IDictionary table ? new DefaultParameterDictionary(table) : value;

    private static object? Bare(object? value) => PowerShellValues.Instance.Unwrap(value);

    // Not by listing all drives, which would check every mount of the machine.
    private static PSDriveInfo? Find(SessionStateProxy session, string name)
    {
        try
        {
            return session.Drive.Get(name);
        }
        catch (System.Management.Automation.DriveNotFoundException)
        {
            return null;
        }
    }

    private static void Add(SessionStateProxy session, PSDriveInfo drive)
    {
        try
        {
            var own = Find(session, drive.Name)
                ?? session.Drive.New(new(drive.Name, session.Provider.GetOne(drive.Provider.Name), drive.Root, drive.Description, drive.Credential), "global");
            if (own.Name != session.Path.CurrentLocation.Drive?.Name) // its location would change, and $PWD would not say so
                own.CurrentLocation = drive.CurrentLocation;
        }
        catch (RuntimeException)
        {
            // A drive that cannot be created, such as one whose folder is gone: tasks that use it fail.
        }
    }

    /// <summary>The settings that may change from one task to the next.</summary>
    internal sealed record Moment(string Location, CultureInfo Culture, CultureInfo UICulture, IReadOnlyList<KeyValuePair<string, object?>> Preferences)
    {
        /// <summary>The preferences of a remote session; null for the local one.</summary>
        public IReadOnlyList<KeyValuePair<string, object?>> Globals { get; init; } = [];

        /// <summary>The drives of a remote session, by name, with their roots and current locations.</summary>
        public IReadOnlyList<(string Name, string Root, string Location)> Drives { get; init; } = [];

        /// <summary>The window of a remote session's host; null for the local one.</summary>
        public HostWindow? Window { get; init; }
    }
}
