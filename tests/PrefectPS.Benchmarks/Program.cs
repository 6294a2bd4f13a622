using System.Globalization;
using PrefectPS.Benchmarks;

if (args is [LargeRunBenchmarks.MemoryProcess])
{
    Console.WriteLine(LargeRunBenchmarks.TakeMemory().ToString(CultureInfo.InvariantCulture));
    return 0;
}

// Without arguments everything; or any of: engine, maps, documents, results, runs, large, clouds, diagrams, channels, report, cold, peers, module, cluster.
var groups = new Dictionary<string, Func<IEnumerable<Measurement>>>(StringComparer.OrdinalIgnoreCase)
{
    ["engine"] = EngineBenchmarks.Run,
    ["maps"] = MapBenchmarks.Run,
    ["documents"] = DocumentBenchmarks.Run,
    ["results"] = ResultBenchmarks.Run,
    ["runs"] = RunBenchmarks.Run,
    ["large"] = LargeRunBenchmarks.Run,
    ["clouds"] = StepBenchmarks.Clouds,
    ["diagrams"] = DiagramBenchmarks.Run,
    ["channels"] = ChannelBenchmarks.Run,
    ["report"] = ReportBenchmarks.Run,
    ["cold"] = ColdBenchmarks.Run,
    ["peers"] = PeerBenchmarks.Run,
    ["module"] = ModuleBenchmarks.Run,
    ["cluster"] = ClusterBenchmarks.Run,
};

var unknown = args.Where(a => !groups.ContainsKey(a)).ToArray();
if (unknown.Length > 0)
{
    await Console.Error.WriteLineAsync($"There is no benchmark '{unknown[0]}'; there are {string.Join(", ", groups.Keys)}.");
    return 64;
}

#if DEBUG
await Console.Error.WriteLineAsync("This is a Debug build: its figures mean nothing. Use dotnet run -c Release.");
#endif
Report.Print((args.Length == 0 ? groups.Keys : (IEnumerable<string>)args).SelectMany(name => groups[name]()));
return 0;
