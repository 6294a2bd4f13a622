using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace PrefectPS.Results;

/// <summary>Reads properties whose getters run unknown code, within a timeout: such a getter may never return. A stuck thread cannot be ended and is abandoned.</summary>
public static class GetterTimeout
{
    /// <summary>The timeout unless the adapter sets another.</summary>
    public static readonly TimeSpan Default = TimeSpan.FromSeconds(5);

    // Public key tokens of .NET, ASP.NET Core and PowerShell, whose getters are known to return.
    private static readonly HashSet<string> KnownTokens = new(StringComparer.Ordinal)
    {
        "b77a5c561934e089", "b03f5f7f11d50a3a", "7cec85d7bea7798e", "cc7b13ffcd2ddd51", "31bf3856ad364e35", "adb9793829ddae60",
    };

    private static readonly ConcurrentDictionary<Type, HashSet<string>> Limited = new();

    /// <summary>Reads a property.</summary>
    /// <param name="type">The declaring object's type.</param>
    /// <param name="property">The property's name.</param>
    /// <param name="read">Reads the property; on a thread of its own where the getter's code is unknown.</param>
    /// <param name="limit">The timeout on that thread.</param>
    /// <exception cref="ValueFaultException">The getter has not returned within <paramref name="limit"/>.</exception>
    public static object? Read(Type type, string property, Func<object?> read, TimeSpan limit) =>
        Limited.GetOrAdd(type, FindLimited).Contains(property) ? ReadOnOtherThread(property, read, limit) : read();

    private static object? ReadOnOtherThread(string property, Func<object?> read, TimeSpan limit)
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

    // Auto-property getters return at once; the classes of a script, in a dynamic assembly, have no others.
    private static HashSet<string> FindLimited(Type type) => new(
        from property in type.GetProperties()
        let declaring = property.DeclaringType!.Assembly
        where !declaring.IsDynamic && !IsKnown(declaring) && property.GetMethod?.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false) == false
        select property.Name,
        StringComparer.OrdinalIgnoreCase);

    private static bool IsKnown(Assembly assembly) =>
        KnownTokens.Contains(string.Concat((assembly.GetName().GetPublicKeyToken() ?? []).Select(part => part.ToString("x2", CultureInfo.InvariantCulture))));
}
