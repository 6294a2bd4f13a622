using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace PrefectPS.Results;

/// <summary>
/// Reads properties that have code of unknown types, within a time limit: such a getter may wait for ever. A thread that is stuck cannot be
/// ended and is left behind.
/// </summary>
public static class GetterLimit
{
    /// <summary>How long a getter may take unless the adapter says otherwise.</summary>
    public static readonly TimeSpan Default = TimeSpan.FromSeconds(5);

    // Public key tokens of .NET, ASP.NET Core and PowerShell, whose getters are known to return.
    private static readonly HashSet<string> KnownTokens = new(StringComparer.Ordinal)
    {
        "b77a5c561934e089", "b03f5f7f11d50a3a", "7cec85d7bea7798e", "cc7b13ffcd2ddd51", "31bf3856ad364e35", "adb9793829ddae60",
    };

    private static readonly ConcurrentDictionary<Type, HashSet<string>> Limited = new();

    /// <summary>The value of a property.</summary>
    /// <param name="type">The type that has it.</param>
    /// <param name="property">Its name.</param>
    /// <param name="read">Reads it; on another thread where its getter is code of an unknown type.</param>
    /// <param name="limit">How long it may take there.</param>
    /// <exception cref="ValueFaultException">The getter has not returned within <paramref name="limit"/>.</exception>
    public static object? Read(Type type, string property, Func<object?> read, TimeSpan limit) =>
        Limited.GetOrAdd(type, FindLimited).Contains(property) ? ReadBeside(property, read, limit) : read();

    private static object? ReadBeside(string property, Func<object?> read, TimeSpan limit)
    {
        object? value = null;
        Exception? failure = null;
        var reader = new Thread(() =>
        {
            try
            {
                value = read();
            }
            catch (Exception e)
            {
                failure = e;
            }
        })
        { IsBackground = true, Name = $"PrefectPS reads {property}" };
        reader.Start();
        if (!reader.Join(limit))
            throw new ValueFaultException($"its getter has not returned within {limit.TotalSeconds.ToString(CultureInfo.InvariantCulture)} seconds").Within("." + property);
        if (failure is not null)
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Capture(failure).Throw();
        return value;
    }

    // Getters of auto-properties return; a dynamic assembly is that of a script's classes, which have no others.
    private static HashSet<string> FindLimited(Type type) => new(
        from property in type.GetProperties()
        let declaring = property.DeclaringType!.Assembly
        where !declaring.IsDynamic && !IsKnown(declaring) && property.GetMethod?.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false) == false
        select property.Name,
        StringComparer.OrdinalIgnoreCase);

    private static bool IsKnown(Assembly assembly) =>
        KnownTokens.Contains(string.Concat((assembly.GetName().GetPublicKeyToken() ?? []).Select(part => part.ToString("x2", CultureInfo.InvariantCulture))));
}
