using System.Management.Automation.Language;

namespace PrefectPS.Blocks;

/// <summary>Finds the variables that a block reads and never sets, which come from enclosing scopes.</summary>
/// <remarks>
/// It is conservative: if a block may set variables that its text does not name (dot-sourced scripts, dynamic expressions),
/// it is assumed to need none.
/// </remarks>
internal sealed class VariableReads : AstVisitor2
{
    private readonly Ast _root;
    private readonly Dictionary<string, string> _reads = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _sets = new(StringComparer.OrdinalIgnoreCase);
    private bool _setsUnknown;

    private VariableReads(Ast root) => _root = root;

    /// <summary>Their names, as written at the first read.</summary>
    public static IReadOnlyList<string> Of(Ast block)
    {
        var reads = new VariableReads(block);
        block.Visit(reads);
        return reads._setsUnknown ? [] : [.. reads._reads.Values.Where(name => !reads._sets.Contains(name) && !AutomaticVariables.Has(name))];
    }

    /// <summary>True if running a block may leave variables behind in the scope that it runs in.</summary>
    public static bool SetsAny(Ast block)
    {
        var reads = new VariableReads(block);
        block.Visit(reads);
        return reads._setsUnknown || reads._sets.Count > 0;
    }

    public override AstVisitAction VisitVariableExpression(VariableExpressionAst variableExpressionAst)
    {
        var path = variableExpressionAst.VariablePath;
        if (path is { IsVariable: true, IsUnqualified: true } && !_reads.ContainsKey(path.UserPath))
            _reads.Add(path.UserPath, path.UserPath);
        return AstVisitAction.Continue;
    }

    // Such a variable is transferred.
    public override AstVisitAction VisitUsingExpression(UsingExpressionAst usingExpressionAst) =>
        BlockOwner.IsOwn(usingExpressionAst, _root) ? AstVisitAction.SkipChildren : AstVisitAction.Continue;

    // Such a block reads its variables elsewhere, except those with $using:.
    public override AstVisitAction VisitScriptBlockExpression(ScriptBlockExpressionAst scriptBlockExpressionAst)
    {
        if (!BlockOwner.IsElsewhere(scriptBlockExpressionAst, _root))
            return AstVisitAction.Continue;
        foreach (var expression in scriptBlockExpressionAst.FindAll(node => node is UsingExpressionAst, searchNestedScriptBlocks: true))
            VisitVariableExpression(UsingVariables.VariableOf(expression));
        return AstVisitAction.SkipChildren;
    }

    public override AstVisitAction VisitTypeDefinition(TypeDefinitionAst typeDefinitionAst) => AstVisitAction.SkipChildren;

    public override AstVisitAction VisitAssignmentStatement(AssignmentStatementAst assignmentStatementAst) => Set(assignmentStatementAst.Left);

    public override AstVisitAction VisitForEachStatement(ForEachStatementAst forEachStatementAst) => Set(forEachStatementAst.Variable);

    public override AstVisitAction VisitParameter(ParameterAst parameterAst) => Set(parameterAst.Name);

    public override AstVisitAction VisitUnaryExpression(UnaryExpressionAst unaryExpressionAst) =>
        unaryExpressionAst.TokenKind is TokenKind.PlusPlus or TokenKind.MinusMinus or TokenKind.PostfixPlusPlus or TokenKind.PostfixMinusMinus
            ? Set(unaryExpressionAst.Child)
            : AstVisitAction.Continue;

    public override AstVisitAction VisitConvertExpression(ConvertExpressionAst convertExpressionAst) =>
        string.Equals(convertExpressionAst.Type.TypeName.Name, "ref", StringComparison.OrdinalIgnoreCase) ? Set(convertExpressionAst.Child) : AstVisitAction.Continue;

    public override AstVisitAction VisitDataStatement(DataStatementAst dataStatementAst)
    {
        if (dataStatementAst.Variable is { } name)
            _sets.Add(name);
        return AstVisitAction.Continue;
    }

    public override AstVisitAction VisitInvokeMemberExpression(InvokeMemberExpressionAst methodCallAst)
    {
        if (methodCallAst is { Member: StringConstantExpressionAst { Value: var method }, Expression.Extent.Text: var target }
            && string.Equals(method, "Set", StringComparison.OrdinalIgnoreCase) && target.EndsWith("PSVariable", StringComparison.OrdinalIgnoreCase))
        {
            SetNames(methodCallAst.Arguments?.FirstOrDefault());
        }

        return AstVisitAction.Continue;
    }

    public override AstVisitAction VisitCommand(CommandAst commandAst)
    {
        var names = CommandVariables.SetBy(commandAst);
        if (names is null)
            _setsUnknown = true;
        else
            _sets.UnionWith(names);
        return AstVisitAction.Continue;
    }

    private void SetNames(Ast? value)
    {
        if (CommandVariables.NamesIn(value) is { } names)
            _sets.UnionWith(names);
        else
            _setsUnknown = true;
    }

    private AstVisitAction Set(Ast target)
    {
        switch (target)
        {
            case VariableExpressionAst variable:
                _sets.Add(NameOf(variable));
                break;
            case ArrayLiteralAst list:
                foreach (var element in list.Elements)
                    Set(element);
                break;
            case AttributedExpressionAst attributed:
                Set(attributed.Child);
                break;
            case ParenExpressionAst { Pipeline: PipelineAst { PipelineElements: [CommandExpressionAst { Expression: var inner }] } }:
                Set(inner);
                break;
        }

        return AstVisitAction.Continue;
    }

    // $script:x, once it is set, is $x.
    private static string NameOf(VariableExpressionAst variable)
    {
        var path = variable.VariablePath.UserPath;
        return path.Substring(path.IndexOf(':') + 1);
    }
}
