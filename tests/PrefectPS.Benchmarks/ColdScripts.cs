namespace PrefectPS.Benchmarks;

/// <summary>
/// Scripts, each of which is the whole of a pwsh. They are run in turn, and compared pair by pair: the median of 11 differences, as other work of a machine
/// comes and goes.
/// </summary>
internal sealed class ColdScripts : IDisposable
{
    private const int Rounds = 11;

    private readonly string _pwsh = PrecompiledPowerShell.Find();

    // Not in the folder for temporary files: PowerShell reads all of a module's parent folders, and that one may be large.
    private readonly string _folder = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, $"cold-{Environment.ProcessId}")).FullName;
    private readonly Dictionary<string, double[]> _times = [];

    /// <summary>Adds a script to be measured. It has <c>$PSScriptRoot/store</c>, which is empty each time, and what was prepared beside that.</summary>
    public void Add(string name, string script)
    {
        Write(name, script);
        _times.Add(name, new double[Rounds]);
    }

    /// <summary>Runs a script that prepares what others need.</summary>
    public void Prepare(string script) => Execute(Write("prepare", script));

    /// <summary>Measures all scripts.</summary>
    public void Measure()
    {
        foreach (var name in _times.Keys)
            Execute(PathOf(name)); // what the system keeps in memory of them
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var (name, times) in _times)
            {
                if (Directory.Exists(Path.Combine(_folder, "store")))
                    Directory.Delete(Path.Combine(_folder, "store"), recursive: true);
                times[round] = Measurement.TimeOnce(() => Execute(PathOf(name))).TotalMilliseconds;
            }
        }
    }

    /// <summary>A script's time in ms.</summary>
    public double Median(string name) => Median(_times[name]);

    /// <summary>The difference of two scripts' times in ms.</summary>
    public double Above(string name, string other) => Median(_times[name].Zip(_times[other], (own, theirs) => own - theirs));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(Rounds / 2);

    private string PathOf(string name) => Path.Combine(_folder, $"{name}.ps1");

    private string Write(string name, string script)
    {
        File.WriteAllText(PathOf(name), script);
        return PathOf(name);
    }

    private void Execute(string script)
    {
        var end = ProcessEnd.Of(ScriptProcess.StartOf(_pwsh, script));
        if (end.Code != 0 || end.Error.Length > 0)
            throw end.ToException(script);
    }
}
