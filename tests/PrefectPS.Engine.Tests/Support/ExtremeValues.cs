using System.Collections;
using System.Globalization;
using System.Numerics;
using CsCheck;
using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.States;

namespace PrefectPS.Engine.Tests.Support;

/// <summary>Generators of values at a limit, beyond it, or unusual otherwise; mostly small, so that many cases can be tried.</summary>
internal static class ExtremeValues
{
    private static readonly char[] Odd =
        ['\0', '\u0007', '\u001b', '"', '\\', '<', '\u007f', '\u0085', '\u2028', '\ud800', '\udc00', '\ufdd0', '\uffff', '\ue000', '日', 'a'];

    private static readonly int[] Lengths =
    [
        Limits.MaxErrorPartLength - 1, Limits.MaxErrorPartLength, Limits.MaxErrorPartLength + 1, Limits.MaxTextLength - 1, Limits.MaxTextLength, Limits.MaxTextLength + 1,
    ];

    private static readonly TimeSpan[] Times =
    [
        TimeSpan.Zero, TimeSpan.MaxValue, TimeSpan.MinValue, Limits.LongestTime, Limits.LongestReadTime, TimeSpan.FromMilliseconds(0.001), TimeSpan.FromMilliseconds(1.5),
        TimeSpan.FromDays(400),
    ];

    private static readonly DateTimeOffset[] Dates =
        [DateTimeOffset.MinValue, DateTimeOffset.MaxValue, DateTimeOffset.UnixEpoch, TestFlow.Start, TestFlow.Start.AddYears(100)];

    private static readonly object?[] Scalars =
    [
        null, true, int.MaxValue, long.MinValue, ulong.MaxValue, decimal.MaxValue, decimal.MinValue, double.NaN, double.Epsilon, double.MaxValue, -0.0,
        float.MinValue, 1.0, '\ud800', TimeSpan.MinValue, TimeSpan.MaxValue, DateTime.MinValue, DateTime.MaxValue, DateTimeOffset.MinValue, DateTimeOffset.MaxValue,
        Guid.Empty, new Version(1, 2), DayOfWeek.Friday, new byte[] { 1, 2 }, Array.Empty<object>(), new Hashtable(), BigInteger.Pow(10, 100),
        BigInteger.Pow(10, Limits.MaxDigits - 1), BigInteger.Pow(10, Limits.MaxDigits),
        new Uri("http://localhost/ü"), CultureInfo.InvariantCulture,
    ];

    /// <summary>One of the given values.</summary>
    public static Gen<T> One<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    /// <summary>Text of unusual characters, sometimes longer than states or documents allow.</summary>
    public static Gen<string> Text { get; } = Gen.Frequency(
        (200, One(Odd).Array[0, 12].Select(chars => new string(chars))),
        (200, Gen.String[0, 20]),
        (4, Gen.Select(One(Odd), One(Lengths), (c, length) => new string(c, length))),
        (4, Gen.Select(One("😀", "ab", "\0\ud800"), One(Lengths), (s, length) => string.Concat(Enumerable.Repeat(s, length / s.Length)) + s)));

    /// <summary>A name, valid or not.</summary>
    public static Gen<string> Name { get; } = Gen.Frequency(
        (20, Gen.String[0, 12]),
        (10, One(Odd).Array[0, 4].Select(chars => new string(chars))),
        (1, Gen.Select(
            One("a", "\ue000", "😀", "日", "\"", "/"), Gen.Int[-1, 1], (s, more) => string.Concat(Enumerable.Repeat(s, (Limits.MaxNameLength / s.Length) + more)))));

    /// <summary>A valid name.</summary>
    public static Gen<string> GoodName { get; } = Name.Where(name => DefinedName.FaultIn(name) is null);

    /// <summary>Number of a step, attempt or loop pass.</summary>
    public static Gen<int> Count { get; } = One(1, 2, 3, int.MaxValue - 1, int.MaxValue);

    /// <summary>A time, inside or outside the supported range; in microseconds, like Prefect.</summary>
    public static Gen<DateTimeOffset> Time { get; } = Gen.OneOf(
        One(Dates),
        One(Times).Where(time => time < DateTimeOffset.MaxValue - TestFlow.Start && time > DateTimeOffset.MinValue - TestFlow.Start).Select(time => TestFlow.Start + time))
        .Select(time => time.AddTicks(-(time.Ticks % 10)));

    /// <summary>A value, serializable or not.</summary>
    public static Gen<object?> Value { get; } =
        from scalar in Gen.Frequency((3, One(Scalars)), (1, Text.Cast<string, object?>()))
        from kinds in Gen.Frequency((30, Gen.Int[0, 3].Array[0, 4]), (1, Gen.Int[0, 3].Array[Limits.MaxValueDepth - 3, Limits.MaxValueDepth + 3]))
        select kinds.Aggregate(scalar, Wrap);

    /// <summary>An error with extreme texts.</summary>
    public static Gen<TaskError> Error { get; } =
        from texts in Text.Array[6]
        from line in One(0, 1, int.MaxValue)
        select new TaskError(texts[0]) { Id = texts[1], ExceptionType = texts[2], ScriptName = texts[3], Line = line, LineText = texts[4], Stack = texts[5] };

    /// <summary>A state of a task that is neither mapped nor has a subflow, with a serializable result.</summary>
    public static Gen<State> State { get; } =
        from type in Gen.Int[0, StateTypes.All.Count - 1].Select(i => StateTypes.All[i]).Where(type => type != StateType.Mapped && !type.IsMeta())
        from message in Text.Null()
        from error in Error.Null()
        from result in Value.Where(CanBeWritten)
        from loopResult in Value.Where(CanBeWritten)
        from counts in Count.Array[2]
        from due in Time
        from started in Time
        from ended in Time
        from flags in Gen.Int[0, 15]
        select PrefectPS.States.State.Read(type, message, new()
        {
            Attempt = counts[0],
            LoopCount = counts[1],
            LoopResult = (flags & 1) > 0 ? TaskResult.Of(loopResult) : null,
            IsResumed = (flags & 2) > 0,
            ForceRerun = (flags & 4) > 0,
        }) with
        {
            Error = error,
            Result = TaskResult.Of(result),
            DueTime = type.IsScheduled() ? due : null,
            Started = (flags & 8) > 0 ? started : null,
            Ended = (flags & 8) > 0 ? ended : null,
        };

    /// <summary>True if a task of a recorded run can end with the value.</summary>
    public static bool CanBeWritten(object? value)
    {
        try
        {
            if (value is not null)
                new JsonSerializer(PlainValueAdapter.Instance).ToBytes(value);
            return true;
        }
        catch (FlowException)
        {
            return false;
        }
    }

    private static object Wrap(object? inner, int kind) => kind switch
    {
        0 => new[] { inner },
        1 => new Hashtable { ["k"] = inner },
        2 => new Hashtable { [1] = inner },
        _ => new System.Collections.Specialized.OrderedDictionary { ["$type"] = inner, [""] = 1 },
    };

    private static Gen<TTo> Cast<TFrom, TTo>(this Gen<TFrom> gen)
        where TFrom : TTo => gen.Select(value => (TTo)value);
}
