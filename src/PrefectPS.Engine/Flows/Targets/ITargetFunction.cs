
namespace PrefectPS.Flows;

/// <summary>Makes the path of a task's result, in the language of the task's body.</summary>
public interface ITargetFunction
{
    /// <summary>Its text: what tells it from another one.</summary>
    string Source { get; }

    /// <summary>What it asks for by name: Prefect's variables, the task's inputs and arguments, the flow's parameters.</summary>
    IReadOnlyList<string> Parameters { get; }

    /// <summary>Whether it looks at <see cref="FlowContext.MapIndex"/>.</summary>
    bool ReadsMapIndex { get; }

    /// <summary>The path, with these values for its parameters.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.TargetInvalid"/>: what it makes is no path.</exception>
    string GetPath(FlowContext context, IReadOnlyList<KeyValuePair<string, object?>> values);
}
