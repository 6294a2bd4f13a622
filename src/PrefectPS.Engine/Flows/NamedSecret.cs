using System.Runtime.CompilerServices;
using PrefectPS.Results;

namespace PrefectPS.Flows;

/// <summary>A secret passed to a task by name: only the name is ever written; the value is looked up once per step that needs it.</summary>
/// <param name="name">Its name.</param>
/// <param name="find">Looks up the value; throws if there is none.</param>
public sealed class NamedSecret(string name, Func<object> find)
{
    // Each step of a run or subflow run has its own identity object, so this caches per step.
    private readonly ConditionalWeakTable<RunIdentity, object> _found = new();

    /// <summary>Its name.</summary>
    internal string Name => name;

    /// <summary>Gets the value, looked up once per step.</summary>
    /// <exception cref="NotKnownYetException">The step is only planned: secrets are not looked up.</exception>
    internal object In(RunIdentity run) => run.IsPlanned ? throw new NotKnownYetException($"its secret '{name}' is looked up when it runs") : _found.GetValue(run, _ => find());

    /// <summary>The value if this step has looked it up already, else null.</summary>
    internal object? Known(RunIdentity run) => _found.TryGetValue(run, out var value) ? value : null;

    /// <summary>"secret" and the name.</summary>
    public override string ToString() => $"secret '{name}'";
}
