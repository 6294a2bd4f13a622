using System.Collections;
using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.States;

namespace PrefectPS.Cluster;

/// <summary>What came of a body in another process. Immutable.</summary>
/// <param name="Kind">How it ended.</param>
/// <param name="Parcel">What it returned, or its error or signal.</param>
internal readonly record struct BodyReport(BodyEnd Kind, Parcel Parcel)
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
    public static BodyReport Of(Exception thrown, Parcels parcels, string place, bool isSecret)
    {
        if (thrown is not FlowSignalException { State: var state, EndsRun: var endsRun })
            return new(BodyEnd.Failed, parcels.Pack(ToTable(Running.TaskErrors.Of(thrown)), place, isSecret: true));
        var signal = new Hashtable(StringComparer.Ordinal)
        {
            ["state"] = state.Type.Name(), ["message"] = state.Message, ["due"] = state.DueTime, ["ends"] = endsRun, ["has"] = state.Result is not null,
            ["result"] = state.Result?.Value,
        };
        return new(BodyEnd.Signalled, parcels.Pack(signal, place, isSecret));
    }

    /// <summary>What the body returned; throws what it threw.</summary>
    public static object? Conclude(BodyEnd kind, object? content) => kind switch
    {
        BodyEnd.Failed => throw new TaskFailedException(ToError((Hashtable)content!)),
        BodyEnd.Signalled => throw ToSignal((Hashtable)content!),
        _ => content,
    };

    private static Hashtable ToTable(TaskError error) => new(StringComparer.Ordinal)
    {
        ["message"] = error.Message, ["id"] = error.Id, ["type"] = error.ExceptionType, ["script"] = error.ScriptName, ["line"] = error.Line,
        ["text"] = error.LineText, ["stack"] = error.Stack,
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
        return new(state, (bool)table["ends"]!);
    }
}
