using System.Collections;
using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.States;

namespace PrefectPS.Cluster;

/// <summary>The outcome of a body in another process. Immutable.</summary>
/// <param name="Kind">How the body ended.</param>
/// <param name="Payload">The return value, error or signal.</param>
public readonly record struct BodyReport(BodyEnd Kind, Payload Payload)
{
    /// <summary>The body was stopped.</summary>
    public static readonly BodyReport Stopped = new(BodyEnd.Stopped, default);

    /// <summary>The worker stopped the body, or never started it; another worker must run it.</summary>
    public static readonly BodyReport Evicted = new(BodyEnd.Evicted, default);

    /// <summary>Reports a return value.</summary>
    /// <exception cref="FlowException">See <see cref="PayloadPacker.Pack"/>.</exception>
    public static BodyReport Of(object? value, PayloadPacker packer, string place, bool isSecret) =>
        new(BodyEnd.Returned, value is null ? default : packer.Pack(value, place, isSecret));

    /// <summary>Reports an exception.</summary>
    /// <param name="thrown">The exception.</param>
    /// <param name="detailOf">Serializes what the body's language adds to an error.</param>
    /// <param name="packer">Serializes the outcome.</param>
    /// <param name="place">Its path in the store, if large.</param>
    /// <param name="isSecret">Whether a result in it must not be written.</param>
    public static BodyReport Of(Exception thrown, Func<TaskError, Hashtable?> detailOf, PayloadPacker packer, string place, bool isSecret)
    {
        if (thrown is not FlowSignalException { State: var state, EndsRun: var endsRun, Computer: var computer })
        {
            var error = Running.TaskErrors.Of(thrown);
            return new(BodyEnd.Failed, packer.Pack(ToTable(error, detailOf(error)), place, isSecret: true));
        }

        var signal = new Hashtable(StringComparer.Ordinal)
        {
            ["state"] = state.Type.Name(),
            ["message"] = state.Message,
            ["due"] = state.DueTime,
            ["ends"] = endsRun,
            ["has"] = state.Result is not null,
            ["result"] = state.Result?.Value,
            ["restarts"] = computer,
        };
        return new(BodyEnd.Signalled, packer.Pack(signal, place, isSecret));
    }

    /// <summary>Returns what the body returned, or throws what it threw.</summary>
    /// <param name="kind">How the body ended.</param>
    /// <param name="content">The deserialized payload.</param>
    /// <param name="failure">Creates the exception from an error and its language-specific detail.</param>
    public static object? Conclude(BodyEnd kind, object? content, Func<TaskError, Hashtable?, Exception> failure) => kind switch
    {
        BodyEnd.Failed => throw failure(ToError((Hashtable)content!), (Hashtable?)((Hashtable)content!)["detail"]),
        BodyEnd.Signalled => throw ToSignal((Hashtable)content!),
        _ => content,
    };

    private static Hashtable ToTable(TaskError error, Hashtable? detail) => new(StringComparer.Ordinal)
    {
        ["message"] = error.Message,
        ["id"] = error.Id,
        ["type"] = error.ExceptionType,
        ["script"] = error.ScriptName,
        ["line"] = error.Line,
        ["text"] = error.LineText,
        ["stack"] = error.Stack,
        ["detail"] = detail,
    };

    private static TaskError ToError(Hashtable table) => new((string)table["message"]!)
    {
        Id = (string?)table["id"],
        ExceptionType = (string?)table["type"],
        ScriptName = (string?)table["script"],
        Line = (int)table["line"]!,
        LineText = (string?)table["text"],
        Stack = (string?)table["stack"],
    };

    private static FlowSignalException ToSignal(Hashtable table)
    {
        _ = StateTypes.TryParse((string)table["state"]!, out var type);
        var state = new State(type, (string?)table["message"])
        {
            Result = (bool)table["has"]! ? TaskResult.Of(table["result"]) : null,
            DueTime = (DateTimeOffset?)table["due"],
        };
        return new(state, (bool)table["ends"]!, (string?)table["restarts"]);
    }
}

/// <summary>How a body in another process ended.</summary>
public enum BodyEnd
{
    /// <summary>The body returned.</summary>
    Returned,

    /// <summary>The body threw an error.</summary>
    Failed,

    /// <summary>The body ended with a signal.</summary>
    Signalled,

    /// <summary>The body was stopped.</summary>
    Stopped,

    /// <summary>The worker stopped the body, or never started it; another worker must run it.</summary>
    Evicted,
}
