using System.Collections;
using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.States;

namespace PrefectPS.Cluster;

/// <summary>What came of a body in another process. Immutable.</summary>
/// <param name="Kind">How it ended.</param>
/// <param name="Parcel">What it returned, or its error or signal.</param>
public readonly record struct BodyReport(BodyEnd Kind, Parcel Parcel)
{
    /// <summary>The body was stopped before it came to its own end.</summary>
    public static readonly BodyReport Stopped = new(BodyEnd.Stopped, default);

    /// <summary>The process leaves the cluster, and has stopped the body: another one is to run it.</summary>
    public static readonly BodyReport GivenBack = new(BodyEnd.GivenBack, default);

    /// <summary>What a body returned.</summary>
    /// <exception cref="FlowException">As of <see cref="Parcels.Pack"/>.</exception>
    public static BodyReport Of(object? value, Parcels parcels, string place, bool isSecret) =>
        new(BodyEnd.Returned, value is null ? default : parcels.Pack(value, place, isSecret));

    /// <summary>What a body threw.</summary>
    /// <param name="thrown">It.</param>
    /// <param name="detailOf">What the body's language has for an error besides its texts.</param>
    /// <param name="parcels">Packs it.</param>
    /// <param name="place">Where it may stand in the store.</param>
    /// <param name="isSecret">Whether a result in it must not be written.</param>
    public static BodyReport Of(Exception thrown, Func<TaskError, Hashtable?> detailOf, Parcels parcels, string place, bool isSecret)
    {
        if (thrown is not FlowSignalException { State: var state, EndsRun: var endsRun, Computer: var computer })
        {
            var error = Running.TaskErrors.Of(thrown);
            return new(BodyEnd.Failed, parcels.Pack(ToTable(error, detailOf(error)), place, isSecret: true));
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
        return new(BodyEnd.Signalled, parcels.Pack(signal, place, isSecret));
    }

    /// <summary>What the body returned; throws what it threw.</summary>
    /// <param name="kind">How it ended.</param>
    /// <param name="content">What came of it.</param>
    /// <param name="failure">Makes the exception of an error, and of what its language has for it.</param>
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
