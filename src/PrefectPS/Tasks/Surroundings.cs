using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Management.Automation.Runspaces;
using System.Threading;

namespace PrefectPS.Tasks;

/// <summary>What a session is like for a block that is called in it: location, cultures, strict mode, preferences, language mode.</summary>
internal sealed class Surroundings
{
    private const string DefaultParameters = "PSDefaultParameterValues";

    // Those of errors are the flow's.
    private static readonly string[] Preferences =
    [
        "VerbosePreference", "DebugPreference", "InformationPreference", "WarningPreference", "ProgressPreference", "ConfirmPreference", "WhatIfPreference",
        "ErrorView", "OFS", "OutputEncoding", "PSModuleAutoloadingPreference", "PSNativeCommandArgumentPassing", "PSEmailServer", "PSSessionOption",
        "FormatEnumerationLimit", DefaultParameters,
    ];

    private readonly SessionState _caller;
    private readonly Dictionary<string, object?> _globals = [];
    private readonly PSDriveInfo[] _drives;

    /// <summary>Those of a session, on its own thread.</summary>
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

    /// <summary>What its host shows things in.</summary>
    public HostWindow Window { get; }

    /// <summary>The version of strict mode; null where it is off.</summary>
    public Version? StrictMode { get; }

    /// <summary>What may change from one task to the next. To be asked on the session's thread.</summary>
    public Moment Now() => new(_caller.Path.CurrentLocation.Path, CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture, Locals());

    /// <summary>The session's own preferences, by name, of those that have a value.</summary>
    public IEnumerable<KeyValuePair<string, object?>> Globals => _globals.Where(preference => preference.Value is not null);

    /// <summary>Gives a runspace what stays the same.</summary>
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

    /// <summary>Gives a runspace what is of another session than that which it is beside.</summary>
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

    /// <summary>Moves a runspace to where the session was.</summary>
    /// <remarks>Where the session's location is gone, it is no other one that a relative path is of: it fails, as there.</remarks>
    public static void Move(Runspace runspace, string location)
    {
        if (runspace.SessionStateProxy.Path.CurrentLocation.Path == location)
            return;
        using var shell = PowerShell.Create();
        shell.Runspace = runspace;
        shell.AddCommand(@"Microsoft.PowerShell.Management\Set-Location").AddParameter("LiteralPath", location).Invoke();
    }

    // A preference of the script that calls, or of a function, is not the session's.
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

    // Two runspaces must not write into one table.
    private static object? Copy(object? value) => Bare(value) is IDictionary table ? new DefaultParameterDictionary(table) : value;

    private static object? Bare(object? value) => PowerShellValues.Instance.Unwrap(value);

    // Without a list of all: that looks at every mount of the machine.
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
            // A drive that cannot be had here, such as one whose folder is gone: what needs it says so.
        }
    }

    /// <summary>What may change from one task to the next.</summary>
    internal sealed record Moment(string Location, CultureInfo Culture, CultureInfo UICulture, IReadOnlyList<KeyValuePair<string, object?>> Preferences)
    {
        /// <summary>Preferences of the session as a whole, where it is another one than that which the runspace is beside.</summary>
        public IReadOnlyList<KeyValuePair<string, object?>> Globals { get; init; } = [];

        /// <summary>The drives of that session, by name, with their roots and the locations on them.</summary>
        public IReadOnlyList<(string Name, string Root, string Location)> Drives { get; init; } = [];

        /// <summary>The window of that session's host; null for that of the session that the runspace is beside.</summary>
        public HostWindow? Window { get; init; }
    }
}
