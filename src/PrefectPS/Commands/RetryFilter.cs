using System.Management.Automation;
using PrefectPS.States;
using PrefectPS.Tasks;

namespace PrefectPS.Commands;

/// <summary>The errors that <c>Add-FlowTask -RetryOn</c> names: by exception type, by error id, or as a script block decides.</summary>
internal static class RetryFilter
{
    /// <summary>The filter; null where nothing was named and every failure is retried.</summary>
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

    // An id is 'Id,Command' in full; a script mostly knows its first part. A type goes by its name with or without its namespace.
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

    // PowerShell wraps what a .NET method throws in exceptions of its own. What is meant is inside, as for catch.
    private static IEnumerable<Exception> Exceptions(TaskError? error)
    {
        for (var exception = error?.Exception; exception is not null; exception = (exception as RuntimeException)?.InnerException)
            yield return exception;
    }
}
