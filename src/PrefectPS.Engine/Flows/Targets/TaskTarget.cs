using System.Globalization;

namespace PrefectPS.Flows;

/// <summary>Where in the store a task's result is written: a path that is made anew for each run of the task.</summary>
public abstract class TaskTarget
{
    private protected TaskTarget(string text) => Text = text;

    /// <summary>The template, or the text of the script block that makes the path.</summary>
    public string Text { get; }

    /// <summary>Whether the path depends on what upstream tasks came to.</summary>
    internal abstract bool TakesInputs { get; }

    /// <summary>Whether the path depends on values: inputs or parameters.</summary>
    internal abstract bool TakesValues { get; }

    /// <summary>The template or the block.</summary>
    public override string ToString() => Text;

    /// <summary>The path for one run of a task; not yet checked by <see cref="Storage.StorePath.Check"/>.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.TargetInvalid"/>: a value of this run cannot be part of a path.</exception>
    internal string Render(in TargetVariables variables) =>
        variables.MapIndex is { } index && !TellsApart(variables) ? WithIndex(Make(variables), index) : Make(variables);

    /// <summary>The path as the template or the block has it.</summary>
    private protected abstract string Make(in TargetVariables variables);

    /// <summary>Whether the children of a mapped task have paths of their own by what the path is made of.</summary>
    private protected abstract bool TellsApart(in TargetVariables variables);

    // Children of a mapped task must not share a target: one that does not tell them apart gets their index before its extension.
    private static string WithIndex(string path, int index)
    {
        var dot = path.LastIndexOf('.');
        var end = dot > path.LastIndexOfAny(['/', '\\']) ? dot : path.Length;
        return path.Insert(end, $"[{index.ToString(CultureInfo.InvariantCulture)}]");
    }
}
