using System.Globalization;
using System.Text.RegularExpressions;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.States;

namespace PrefectPS.Engine.Tests.Conformance;

/// <summary>A task that fails some times and may run again some times.</summary>
internal static partial class RetryTrials
{
    private static readonly TimeSpan Delay = TimeSpan.FromMinutes(1);

    public static Sightings? Run(ReferenceRow row) => row.Name switch
    {
        "FlowRunner_single_pass_first_failure" => RunOnce(out _),
        "FlowRunner_third_pass_after_start_time_from_JSON" => RunThreeTimes(),
        "flow.run_given_Retrying_future_waits" => RunGiven(StateType.Retrying, waits: true),
        "FlowRunner_given_Scheduled_future" => RunGiven(StateType.Scheduled, waits: false),
        _ => RunFailing(row) ?? RunFiltered(row),
    };

    // max_retries_2_delay_0.5s_fails_3x
    private static Sightings? RunFailing(ReferenceRow row)
    {
        if (FailingName().Match(row.Name) is not { Success: true } name)
            return null;
        var fails = int.Parse(name.Groups["fails"].Value, CultureInfo.InvariantCulture);
        var delay = TimeSpan.FromSeconds(double.Parse(name.Groups["delay"].Value, CultureInfo.InvariantCulture));
        var retry = new RetryPolicy { MaxRetries = int.Parse(name.Groups["retries"].Value, CultureInfo.InvariantCulture), Delays = [delay] };
        return new TaskUnderTrial(row, context => context.RunCount <= fails ? throw Fail(context) : "ok", retry).Run();
    }

    // retry_on_ValueError_raises_KeyError
    private static Sightings? RunFiltered(ReferenceRow row)
    {
        if (FilteredName().Match(row.Name) is not { Success: true } name)
            return null;
        var retry = new RetryPolicy { MaxRetries = 1, Filter = error => error?.ExceptionType == name.Groups["wanted"].Value };
        return new TaskUnderTrial(row, _ => throw TaskUnderTrial.Error(name.Groups["raised"].Value, "k"), retry).Run();
    }

    private static Sightings RunOnce(out (TestFlow Flow, FlowState Run) after)
    {
        var flow = new TestFlow()
            .Add(new("t", TestFlow.Body((context, _) => context.RunCount == 1 ? throw Fail(context) : "ok")) { Retry = new() { MaxRetries = 1, Delays = [Delay] } })
            .Task("d", _ => 1, "t")
            .Task("sib", _ => 2);
        after = (flow, flow.Step(flow.New()));
        return Sightings.Of(after.Run);
    }

    private static Sightings RunThreeTimes()
    {
        RunOnce(out var first);
        var second = first.Flow.Travel(first.Flow.Step(first.Flow.Travel(first.Run)));
        first.Flow.Clock.Advance(Delay);
        return Sightings.Of(first.Flow.Step(second));
    }

    private static Sightings RunGiven(StateType type, bool waits)
    {
        var flow = new TestFlow().Task("t", _ => 1);
        var given = flow.New().Change((_, _) => new State(type, "m") { DueTime = TestFlow.Start + Delay });
        return Sightings.Of(waits ? flow.RunAll(given) : flow.Step(given));
    }

    private static TaskFailedException Fail(FlowContext context) => TaskUnderTrial.Error("ValueError", $"fail {context.RunCount}");

    [GeneratedRegex("^max_retries_(?<retries>[0-9]+)_delay_(?<delay>[0-9.]+)s_fails_(?<fails>[0-9]+)x$", RegexOptions.ExplicitCapture)]
    private static partial Regex FailingName();

    [GeneratedRegex("^retry_on_(?<wanted>[A-Za-z]+)_raises_(?<raised>[A-Za-z]+)$", RegexOptions.ExplicitCapture)]
    private static partial Regex FilteredName();
}
