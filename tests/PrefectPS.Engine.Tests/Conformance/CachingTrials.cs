using System.Text.Json;
using System.Text.RegularExpressions;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.States;
using PrefectPS.Storage;

namespace PrefectPS.Engine.Tests.Conformance;

/// <summary>Runs of a flow with the parameters <c>p</c> and <c>q</c>, whose task <c>nt</c> adds them and keeps the sum.</summary>
internal sealed partial class CachingTrials
{
    private static readonly string[] Both = ["x", "y"];
    private static readonly string[] Parameters = ["p", "q"];
    private readonly TestFlow _flow;
    private readonly List<bool> _ran = [];

    private CachingTrials(CachePolicy? policy, IFlowStore? store = null)
    {
        _flow = new TestFlow(options: new() { Store = store, Parameters = new PrefectPS.Flows.ParameterDefaults([new("p", 1), new("q", 1)]) })
            .Add(new("p", TestFlow.Body((context, _) => context.Parameters["p"])))
            .Add(new("q", TestFlow.Body((context, _) => context.Parameters["q"])))
            .Add(new("nt", TestFlow.Body(arguments => (int)arguments[0].Value! + (int)arguments[1].Value!))
            {
                InputFrom = [new("x", "p"), new("y", "q")],
                Cache = policy,
            });
    }

    public static Sightings? Run(ReferenceRow row, string folder) => row.Name switch
    {
        "expiry_1s" => RunUntilExpired(),
        "given_Cached_in_task_states_from_JSON" => RunAgain(),
        "Cached_given_to_task_without_cache_for (validator never_use)" => RunFromCached(),
        "caches_keys" => RunShared(folder),
        _ => PolicyOf(row.Name) is { } policy ? new CachingTrials(policy).RunAll(row) : null,
    };

    // partial_parameters_only(['p'])
    private static CachePolicy? PolicyOf(string validator)
    {
        var hour = new CachePolicy(TimeSpan.FromHours(1));
        string[] chosen = [.. Chosen().Matches(validator).Select(match => match.Groups["name"].Value)];
        return validator.Split('(')[0] switch
        {
            "default" or "duration_only" => hour,
            "never_use" => hour with { IsUsed = false },
            "all_inputs" => hour with { Inputs = Both },
            "all_parameters" => hour with { Parameters = Parameters },
            "partial_inputs_only" => hour with { Inputs = chosen },
            "partial_parameters_only" => hour with { Parameters = chosen },
            _ => null,
        };
    }

    private Sightings RunAll(ReferenceRow row)
    {
        var sightings = new Sightings();
        foreach (var (index, given) in row.Seen.GetProperty("runs").EnumerateArray().Index())
        {
            sightings[$"runs[{index}]"] = RunOnce(given.GetProperty("p").GetInt32(), given.GetProperty("q").GetInt32());
            sightings[$"runs[{index}].ran"] = _ran[^1];
        }

        return sightings;
    }

    private static Sightings RunUntilExpired()
    {
        var trial = new CachingTrials(new(TimeSpan.FromSeconds(1)));
        trial.RunOnce(1, 1);
        trial.RunOnce(1, 1);
        var before = trial._ran.Count(ran => ran);
        trial._flow.Clock.Advance(TimeSpan.FromSeconds(1.1));
        return new() { ["state"] = trial.RunOnce(1, 1), ["calls_before_expiry"] = before, ["calls_after"] = trial._ran.Count(ran => ran) };
    }

    private static Sightings RunAgain()
    {
        var trial = new CachingTrials(new(TimeSpan.FromHours(1)));
        trial.RunOnce(1, 1);
        var given = trial._flow.Travel(trial._flow.RunAll());
        trial._flow.Ran.Clear();
        var after = trial._flow.Step(given);
        return new() { ["state"] = after.Of("nt"), ["ran_again"] = trial._flow.Ran.Count > 0 };
    }

    private static Sightings RunFromCached()
    {
        var trial = new CachingTrials(policy: null);
        var given = new State(StateType.Cached, "given") { Result = TaskResult.Of(1) };
        var task = trial._flow.RunAll(trial._flow.New().Change((task, state) => task.Name == "nt" ? given : state)).Of("nt");
        return new() { [string.Empty] = task, ["result"] = task.Result, ["location"] = task.ResultLocation };
    }

    // What stands in the caches, by their keys.
    private static Sightings RunShared(string folder)
    {
        new CachingTrials(new(TimeSpan.FromHours(1)) { Key = "shared" }, new FolderStore(folder)).RunOnce(1, 1);
        var sightings = new Sightings();
        foreach (var key in (string[])["nt", "p", "q", "shared"])
            sightings[key] = string.Join('\n', Entries(folder, key));
        return sightings;
    }

    private static IEnumerable<string> Entries(string folder, string key) =>
        from entry in Directory.GetFiles(folder, "entry.json", SearchOption.AllDirectories)
        where entry.Split(Path.DirectorySeparatorChar).Contains(key, StringComparer.Ordinal)
        select $"<Cached: {JsonDocument.Parse(File.ReadAllText(entry)).RootElement.GetProperty("message").GetString()}>";

    private FlowTaskState RunOnce(int p, int q)
    {
        _flow.Ran.Clear();
        var run = FlowState.New(_flow.Flow, new Dictionary<string, object?>(StringComparer.Ordinal) { ["p"] = p, ["q"] = q });
        var task = _flow.RunAll(run).Of("nt");
        _ran.Add(_flow.Ran.Contains("nt", StringComparer.Ordinal));
        return task;
    }

    [GeneratedRegex("'(?<name>[^']+)'", RegexOptions.ExplicitCapture)]
    private static partial Regex Chosen();
}
