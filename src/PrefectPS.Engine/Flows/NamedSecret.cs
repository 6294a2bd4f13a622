using System.Runtime.CompilerServices;
using PrefectPS.Results;

namespace PrefectPS.Flows;

/// <summary>A secret that a task is given by its name: the name alone is in all that is written, and the value is looked up once in each step that needs it.</summary>
/// <param name="name">Its name.</param>
/// <param name="find">Looks it up; throws where it is not there.</param>
public sealed class NamedSecret(string name, Func<object> find)
{
    // A step of a run, or of the run of a subflow, has an identity of its own.
    private readonly ConditionalWeakTable<RunIdentity, object> _found = new();

    /// <summary>Its name.</summary>
    internal string Name => name;

    /// <summary>The value in a step.</summary>
    /// <exception cref="NotKnownYetException">The step is only planned: nothing is looked up.</exception>
    internal object In(RunIdentity run) => run.IsPlanned ? throw new NotKnownYetException($"its secret '{name}' is looked up when it runs") : _found.GetValue(run, _ => find());

    /// <summary>The value, where it was looked up in a step; else null.</summary>
    internal object? Known(RunIdentity run) => _found.TryGetValue(run, out var value) ? value : null;

    /// <summary>That it is a secret, and its name.</summary>
    public override string ToString() => $"secret '{name}'";
}
