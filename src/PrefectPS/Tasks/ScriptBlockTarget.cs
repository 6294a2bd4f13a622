using System.Management.Automation;
using System.Management.Automation.Language;
using PrefectPS.Blocks;
using PrefectPS.Commands;
using PrefectPS.Flows;

namespace PrefectPS.Tasks;

/// <summary>A target that is a script block: its output is the path. It receives the variables that its parameters name, and <c>$FlowContext</c>.</summary>
internal sealed class ScriptBlockTarget(ScriptBlock block) : ITargetFunction
{
    private readonly ScriptBlock _block = PortableBlock.InSession(block);
    private readonly ScriptBlock _splat = Splatting.WrapperFor(block);
    private readonly string[] _usings = UsingVariables.NamesIn(block);
    private readonly DefinitionScope? _scope = FlowDefinition.ScopeFor(block);

    public string Source { get; } = block.ToString();

    public IReadOnlyList<string> Parameters { get; } = new BlockParameters(block).Names;

    public bool ReadsMapIndex { get; } = block.Ast.Find(IsMapIndex, searchNestedScriptBlocks: true) is not null;

    public string GetPath(FlowContext context, IReadOnlyList<KeyValuePair<string, object?>> values)
    {
        SessionBlock.CheckUsings(_usings, _scope);
        var output = TaskScript.Invoke(_splat, context, _scope, _block, Splatting.TableOf(values));
        return output switch
        {
            [] or [null] => throw FlowErrors.TargetInvalid(Source.Trim(), "the block put out nothing; what it puts out is the path"),
            [{ BaseObject: string path }] => path,
            [var other] => throw FlowErrors.TargetInvalid(Source.Trim(), $"the block put out a {other.BaseObject.GetType().Name}; what it puts out is the path, one string"),
            _ => throw FlowErrors.TargetInvalid(Source.Trim(), $"the block put out {output.Count} objects; what it puts out is the path, one string"),
        };
    }

    private static bool IsMapIndex(Ast ast) =>
        ast is StringConstantExpressionAst { Value: var name } && string.Equals(name, nameof(FlowContext.MapIndex), StringComparison.OrdinalIgnoreCase);
}
