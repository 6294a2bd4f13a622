using System.Management.Automation;
using System.Management.Automation.Language;
using PrefectPS.Flows;

namespace PrefectPS.Tasks;

/// <summary>The parameters that a script block declares, and whether they can be bound by position.</summary>
internal sealed class BlockParameters
{
    private readonly List<string> _names;
    private readonly IReadOnlyList<ParameterAst> _declared;
    private readonly bool _isPlain;

    public BlockParameters(ScriptBlock block)
    {
        var ast = block.Ast as ScriptBlockAst;
        var function = block.Ast as FunctionDefinitionAst;
        _declared = function?.Parameters ?? (ast ?? function?.Body)?.ParamBlock?.Parameters ?? (IReadOnlyList<ParameterAst>)[];
        _names = [.. _declared.Select(p => p.Name.VariablePath.UserPath)];
        _isPlain = SessionBlock.IsPlain(block)
            && ast?.ParamBlock is null or { Attributes.Count: 0 }
            && _declared.All(p => p.Attributes.All(a => a is TypeConstraintAst));
    }

    /// <summary>Their names, in order.</summary>
    public IReadOnlyList<string> Names => _names;

    public bool Has(string name) => IndexOf(name) >= 0;

    /// <summary>The parameter with a name or alias; null for none.</summary>
    public DeclaredParameter? Find(string name) => _declared.Select(parameter => new DeclaredParameter(parameter)).FirstOrDefault(parameter => parameter.IsNamed(name));

    /// <summary>
    /// The position of each given name, if a call by position is equivalent to one by name: no attribute depends on the binding,
    /// and no parameter before the last given one is missing. It costs a tenth of a call by name.
    /// </summary>
    public bool TryGetPositions(IReadOnlyList<string> given, out int[] positions)
    {
        positions = [.. given.Select(IndexOf)];
        return _isPlain && positions.All(p => p < given.Count);
    }

    /// <summary>A mandatory parameter for which PowerShell would prompt in every parameter set; null if there is none.</summary>
    /// <param name="given">The names of the parameters that are given.</param>
    public string? FindUnsupplied(IReadOnlyList<string> given)
    {
        if (_declared.All(parameter => parameter.Attributes.All(attribute => attribute is TypeConstraintAst)))
            return null;
        DeclaredParameter[] declared = [.. _declared.Select(parameter => new DeclaredParameter(parameter))];
        string?[] sets = [.. declared.SelectMany(parameter => parameter.Sets).Where(set => set is not null).Distinct(StringComparer.OrdinalIgnoreCase)];
        string? missing = null;
        foreach (var set in sets.Length == 0 ? [null] : sets)
        {
            if (!declared.All(parameter => parameter.IsIn(set) || !given.Contains(parameter.Name, StringComparer.OrdinalIgnoreCase)))
                continue;
            if (declared.FirstOrDefault(parameter => parameter.IsMandatoryIn(set) && !given.Contains(parameter.Name, StringComparer.OrdinalIgnoreCase)) is not { } unsupplied)
                return null;
            missing ??= unsupplied.Name;
        }

        return missing;
    }

    /// <summary>The form fields of the parameters, except those that are already provided.</summary>
    public IReadOnlyList<PayloadField> FieldsWithout(IReadOnlyList<string> given) =>
    [
        .. from declared in _declared
           let parameter = new DeclaredParameter(declared)
           where !given.Contains(parameter.Name, StringComparer.OrdinalIgnoreCase)
           select DeclaredField.Of(parameter),
    ];

    private int IndexOf(string name) => _names.FindIndex(n => string.Equals(n, name, StringComparison.OrdinalIgnoreCase));
}
