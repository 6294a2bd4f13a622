using System.Collections.Concurrent;
using System.Reflection;

namespace PrefectPS.Tasks;

/// <summary>Fast access to a non-public pipe property of a command runtime, which is set twice for each body.</summary>
internal abstract class PipeProperty
{
    private const BindingFlags Any = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    private static readonly ConcurrentDictionary<Type, ConcurrentDictionary<string, PipeProperty?>> Known = new();

    public abstract object? Get(object runtime);

    public abstract void Set(object runtime, object? pipe);

    /// <summary>The property with a name; null if it does not exist.</summary>
    public static PipeProperty? Of(Type runtime, string name, Type pipe)
    {
        var places = Known.GetOrAdd(runtime, _ => new(StringComparer.Ordinal));
        return places.TryGetValue(name, out var known) ? known : places.GetOrAdd(name, New(runtime, name, pipe));
    }

    private static PipeProperty? New(Type runtime, string name, Type pipe) =>
        runtime.GetProperty(name, Any) is { CanRead: true, CanWrite: true } property && property.PropertyType == pipe
            ? (PipeProperty)Activator.CreateInstance(typeof(Fast<,>).MakeGenericType(property.DeclaringType!, pipe), property)!
            : null;

    private sealed class Fast<TRuntime, TPipe>(PropertyInfo property) : PipeProperty
        where TRuntime : class
        where TPipe : class
    {
        private readonly Func<TRuntime, TPipe?> _get =
            (Func<TRuntime, TPipe?>)Delegate.CreateDelegate(typeof(Func<TRuntime, TPipe?>), property.GetGetMethod(nonPublic: true)!);
        private readonly Action<TRuntime, TPipe?> _set =
            (Action<TRuntime, TPipe?>)Delegate.CreateDelegate(typeof(Action<TRuntime, TPipe?>), property.GetSetMethod(nonPublic: true)!);

        public override object? Get(object runtime) => _get((TRuntime)runtime);

        public override void Set(object runtime, object? pipe) => _set((TRuntime)runtime, (TPipe?)pipe);
    }
}
