using System.Management.Automation;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.Module.Tests.Support;

namespace PrefectPS.Module.Tests.Conformance;

/// <summary>What the reference engine refuses when a flow is defined or run, and what it takes: the errors of <c>tasks.json</c>.</summary>
public class DefinitionErrorTests
{
    private const string Python = "Python's own";

    // The row, the same mistake in a script, the id of our error or null for none and, where the reference engine ends otherwise, why.
    private static readonly Row[] Rows =
    [
        new("cycle_sorted_tasks", "New-Flow f { task a { } -After b; task b { } -After a }", "FlowCycle"),
        new("cycle_run", "$f = New-Flow f; task $f a { } -After b; task $f b { } -After a; Invoke-Flow $f", "FlowCycle", "said before anything runs"),
        new("self_edge", "New-Flow f { task a { } -After a }", "FlowCycle"),
        new("edge_bad_key", "New-Flow f { task a { }; task b { param($x) } -InputFrom @{ zz = 'a' } }", "FlowTaskInvalid"),
        new("same_key_twice", "New-Flow f { task a { }; task b { param($x) } -InputFrom @{ x = 'a' } -Argument @{ x = 1 } }", "FlowTaskInvalid", "the last one would silently win"),
        new("duplicate_parameter", "New-Flow f -Parameter { param($p, $P) }", "DuplicateFormalParameter"),
        new("retry_without_delay", "New-Flow f { task a { } -MaxRetries 1 }", null, "the delay is optional"),
        new("delay_without_retries", "New-Flow f { task a { } -RetryDelay 1 }", "FlowTaskInvalid"),
        new("retries_0_delay", "New-Flow f { task a { } -MaxRetries 0 -RetryDelay 1 }", "FlowTaskInvalid"),
        new("negative_timeout", "New-Flow f { task a { } -Timeout -1 }", "ParameterArgumentValidationError", "it would be none"),
        new("timeout_timedelta", "New-Flow f { task a { } -Timeout 00:00:05 }", null),
        new("timeout_timedelta_fraction", "New-Flow f { task a { } -Timeout 00:00:02.5 }", null),
        new("timeout_float", "New-Flow f { task a { } -Timeout 1.5 }", null, "timeouts have fractions"),
        new("cache_validator_without_cache_for", "New-Flow f { task a { } -CacheValidator AllInputs }", "FlowTaskInvalid", "it would do nothing"),
        new("target_without_result_run", "New-Flow f { task a { } -Target a.json }", "FlowTargetInvalid", "said before anything runs"),
        new("target_with_result_location", "New-Flow f -Store ./store { task a { } -Target a.json }", null),
        new("target_and_cache_for", "New-Flow f -Store ./store { task a { } -Target a.json -CacheFor 60 }", "FlowTaskInvalid", "the cache would never be looked at"),
        new("flow_no_name", "New-Flow -Name $null", "ParameterArgumentValidationError"),
        new("flow_blank_name", "New-Flow ''", "ParameterArgumentValidationError"),
        new("flow_run_unknown_param", "New-Flow f -Parameter @{ p = 1 } { task a { } } | Invoke-Flow -Parameter @{ zz = 1 }", "FlowParameterInvalid"),
        new("flow_run_missing_required_param", "New-Flow f -Parameter { param([Parameter(Mandatory)] $p) } { task a { } } | Invoke-Flow", "FlowParameterInvalid"),
        new("empty_flow_run", "if ((New-Flow f { } | Invoke-Flow).State -ne 'Success') { throw 'not Success' }", null),
        new("retry_on_without_retries", "New-Flow f { task a { } -RetryOn 'x' }", "FlowTaskInvalid"),
        new("retry_on_bad", "New-Flow f { task a { } -MaxRetries 1 -RetryOn 5 }", "FlowTaskInvalid"),
        new("set_reference_tasks_unknown", "New-Flow f -ReferenceTask gone { task a { } }", "FlowTaskNotFound"),
        new("task_called_outside_flow", "task a { }", "FlowRequired"),
        new("trigger_not_callable", "New-Flow f { task a { } -Trigger 5 }", "FlowTaskInvalid", "it would fail when the task is to run"),
        new("task_states_unknown_task", """$f = New-Flow f { task real { } }; '[{"task":{"slug":"gone"},"state":{"type":"Success"}}]' | ConvertTo-FlowState -Flow $f -WarningAction SilentlyContinue""", null),
        new("duplicate_explicit_slug_error", "New-Flow f { task a { } -Slug s; task b { } -Slug s }", "FlowTaskExists"),
    ];

    private static readonly Dictionary<string, string> LeftOut = new(StringComparer.Ordinal)
    {
        ["edge_to_parameter"] = "a parameter is no task",
        ["add_non_task"] = Python,
        ["tags_string"] = "one tag is a list of one",
        ["run_varargs"] = Python,
        ["run_upstream_tasks_arg"] = Python,
        ["flow_run_return_tasks"] = Python,
        ["run_in_context"] = "a flow can be run while another one is defined",
    };

    public static TheoryData<string> Names() => [.. Rows.Select(row => row.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void What_the_reference_engine_refuses_or_takes_is_refused_or_taken(string name)
    {
        var row = Array.Find(Rows, row => row.Name == name)!;
        Assert.Equal(row.Id, ErrorOf(row.Script));
        var isRefused = Refuses(name);
        Assert.True(isRefused == row.Id is not null || row.WhyOtherwise is not null, $"The reference engine {(isRefused ? "refuses" : "takes")} it.");
    }

    [Fact]
    public void Every_error_of_the_reference_engine_is_run_or_left_out_for_a_reason() =>
        Assert.Equal(
            ConformanceData.Read("tasks.json").GetProperty("errors").EnumerateObject().Select(row =>
                row.Name).Append("duplicate_explicit_slug_error").Order(StringComparer.Ordinal),
            Names().Select(row => row.Data).Concat(LeftOut.Keys).Order(StringComparer.Ordinal));

    private static bool Refuses(string name) =>
        !ConformanceData.Read("tasks.json").GetProperty("errors").TryGetProperty(name, out var row) || row.TryGetProperty("error", out _);

    private static string? ErrorOf(string script)
    {
        using var session = ModuleSession.Open();
        try
        {
            session.Run(script);
            return null;
        }
        catch (RuntimeException e)
        {
            return e.ErrorRecord.FullyQualifiedErrorId.Split(',')[0];
        }
    }

    private sealed record Row(string Name, string Script, string? Id, string? WhyOtherwise = null);
}
