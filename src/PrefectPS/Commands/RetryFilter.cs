using System.Management.Automation;
using PrefectPS.States;
using PrefectPS.Tasks;

namespace PrefectPS.Commands;

/// <summary>Parses <c>Add-FlowTask -RetryOn</c>: exception types, error ids and script blocks.</summary>
internal static class RetryFilter
{
    /// <summary>The filter; null to retry every failure.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.TaskInvalid"/>.</exception>
    public static Func<TaskError?, bool>? Of(string task, object[]? named)
    {
        if (named is null)
            return null;
        Func<TaskError?, bool>[] filters = [.. named.Select(item => One(task, PowerShellValues.Instance.Unwrap(item)))];
        return error => filters.Any(filter => filter(error));
    }

    private static Func<TaskError?, bool> One(string task, object? item) => item switch
    {
        ScriptBlock block => new RetryDecision(task, block).Allows,
        Type type => error => Exceptions(error).Any(type.IsInstanceOfType),
        string { Length: > 0 } name => error => error is not null && Names(error).Contains(name, StringComparer.OrdinalIgnoreCase),
        _ => throw FlowErrors.TaskInvalid(task, $"-RetryOn takes exception types, error ids and script blocks, not '{item}'"),
    };

    // A full error id is 'Id,Command', but scripts usually specify the first part. Types are matched with or without their namespace.
    private static IEnumerable<string?> Names(TaskError error)
    {
        yield return error.Id;
        yield return error.Id?.Split(',')[0];
        foreach (var exception in Exceptions(error))
        {
            for (var type = exception.GetType(); type is not null; type = type.BaseType)
            {
                yield return type.FullName;
                yield return type.Name;
            }
        }
    }

    // PowerShell wraps exceptions of .NET methods. The inner exception is matched, as in catch.
    private static IEnumerable<Exception> Exceptions(TaskError? error)
    {
        for (var exception = error?.Exception; exception is not null; exception = (exception as RuntimeException)?.InnerException)
            yield return exception;
    }
}
