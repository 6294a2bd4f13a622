using System.Globalization;

namespace PrefectPS.Flows;

/// <summary>Where a task's result is stored: a path computed for each run of the task.</summary>
public abstract class TaskTarget
{
    private protected TaskTarget(string text) => Text = text;

    /// <summary>The template, or the text of the script block that computes the path.</summary>
    public string Text { get; }

    /// <summary>True if the path depends on upstream results.</summary>
    internal abstract bool TakesInputs { get; }

    /// <summary>True if the path depends on values: inputs or parameters.</summary>
    internal abstract bool TakesValues { get; }

    /// <summary>The template or the block.</summary>
    public override string ToString() => Text;

    /// <summary>Computes the path for one run of a task; not yet checked by <see cref="Storage.StorePath.Check"/>.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.TargetInvalid"/>: a value of this run cannot be part of a path.</exception>
    internal string Render(in TargetVariables variables) =>
        variables.MapIndex is { } index && !DiffersPerChild(variables) ? WithIndex(Make(variables), index) : Make(variables);

    /// <summary>Computes the path without a child index.</summary>
    private protected abstract string Make(in TargetVariables variables);

    /// <summary>True if each child of a mapped task gets a different path.</summary>
    private protected abstract bool DiffersPerChild(in TargetVariables variables);

    // Children of a mapped task must not share a target: unless their paths differ, insert the index before the extension.
    private static string WithIndex(string path, int index)
    {
        var dot = path.LastIndexOf('.');
        var end = dot > path.LastIndexOfAny(['/', '\\']) ? dot : path.Length;
        return path.Insert(end, $"[{index.ToString(CultureInfo.InvariantCulture)}]");
    }
}
