
namespace PrefectPS.Flows;

/// <summary>Computes the path of a task's result, in the language of its body.</summary>
public interface ITargetFunction
{
    /// <summary>Source text, which identifies the function.</summary>
    string Source { get; }

    /// <summary>Names it requests: Prefect's variables, task inputs and arguments, flow parameters.</summary>
    IReadOnlyList<string> Parameters { get; }

    /// <summary>True if it reads <see cref="FlowContext.MapIndex"/>.</summary>
    bool ReadsMapIndex { get; }

    /// <summary>Computes the path from these parameter values.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.TargetInvalid"/>: the result is not a path.</exception>
    string GetPath(FlowContext context, IReadOnlyList<KeyValuePair<string, object?>> values);
}
