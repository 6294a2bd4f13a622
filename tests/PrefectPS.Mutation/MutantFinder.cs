using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PrefectPS.Mutation;

/// <summary>Finds the mutants of a file: swapped comparisons, negated conditions, removed <c>with</c> assignments, guards and calls.</summary>
internal sealed class MutantFinder(string file) : CSharpSyntaxWalker
{
    private static readonly Dictionary<SyntaxKind, string> Swaps = new()
    {
        [SyntaxKind.EqualsExpression] = "!=",
        [SyntaxKind.NotEqualsExpression] = "==",
        [SyntaxKind.LessThanExpression] = "<=",
        [SyntaxKind.LessThanOrEqualExpression] = "<",
        [SyntaxKind.GreaterThanExpression] = ">=",
        [SyntaxKind.GreaterThanOrEqualExpression] = ">",
        [SyntaxKind.LogicalAndExpression] = "||",
        [SyntaxKind.LogicalOrExpression] = "&&",
    };

    private readonly List<Mutant> _found = [];

    /// <summary>The mutants of a file, in its order.</summary>
    public static IReadOnlyList<Mutant> Find(string file, string text)
    {
        var finder = new MutantFinder(file);
        finder.Visit(CSharpSyntaxTree.ParseText(text, new(LanguageVersion.Preview, preprocessorSymbols: ["NET"])).GetRoot()); // as the tests load it
        return finder._found;
    }

    // Neither can hold a switch that is read when the program runs.
    public override void VisitAttributeList(AttributeListSyntax node)
    {
    }

    public override void VisitFieldDeclaration(FieldDeclarationSyntax node)
    {
        if (!node.Modifiers.Any(SyntaxKind.ConstKeyword))
            base.VisitFieldDeclaration(node);
    }

    public override void VisitBinaryExpression(BinaryExpressionSyntax node)
    {
        if (Swaps.TryGetValue(node.Kind(), out var other) && !DeclaresVariables(node))
            Add(node, $"{node.OperatorToken.Text} becomes {other}: {node}", (on, text) => $"({on} ? {Operand(node.Left)} {other} {Operand(node.Right)} : {text})");
        base.VisitBinaryExpression(node);
    }

    public override void VisitConditionalExpression(ConditionalExpressionSyntax node)
    {
        if (!DeclaresVariables(node.Condition))
            Turn(node.Condition);
        base.VisitConditionalExpression(node);
    }

    public override void VisitIfStatement(IfStatementSyntax node)
    {
        if (!DeclaresVariables(node.Condition))
        {
            Turn(node.Condition);
            if (node.Else is null)
                Add(node.Condition, $"never: if ({node.Condition})", (on, text) => $"!{on} && ({text})");
        }

        base.VisitIfStatement(node);
    }

    public override void VisitWithExpression(WithExpressionSyntax node)
    {
        if (node.Expression is IdentifierNameSyntax or ThisExpressionSyntax or MemberAccessExpressionSyntax)
        {
            foreach (var set in node.Initializer.Expressions.OfType<AssignmentExpressionSyntax>())
                Add(set.Right, $"keeps its {set.Left}: with {{ {set} }}", (on, text) => $"{on} ? {node.Expression}.{set.Left} : {text}");
        }

        base.VisitWithExpression(node);
    }

    public override void VisitExpressionStatement(ExpressionStatementSyntax node)
    {
        if (node.Expression is InvocationExpressionSyntax or AwaitExpressionSyntax && !DeclaresVariables(node) && !node.ToString().Contains("out ", StringComparison.Ordinal))
            Add(node, $"left out: {node}", (on, text) => $"{{ if (!{on}) {text} }}");
        base.VisitExpressionStatement(node);
    }

    private static string Operand(ExpressionSyntax operand) => operand is BinaryExpressionSyntax ? $"({operand})" : operand.ToString();

    // The compiler would miss the variable's value where the switch leads around it.
    private static bool DeclaresVariables(SyntaxNode node) =>
        node.DescendantNodesAndSelf().Any(inner => inner is SingleVariableDesignationSyntax or DeclarationExpressionSyntax);

    private void Turn(ExpressionSyntax condition) => Add(condition, $"turned: {condition}", (on, text) => $"{on} ^ ({text})");

    private void Add(SyntaxNode node, string change, Func<string, string, string> replace)
    {
        var line = node.GetLocation().GetLineSpan().StartLinePosition.Line + 1;
        _found.Add(new(file, line, node.Span, string.Join(' ', change.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)), replace) { IsOnce = IsOnce(node) });
    }

    // Or of a static constructor.
    private static bool IsOnce(SyntaxNode node) =>
        node.Ancestors().OfType<MemberDeclarationSyntax>().FirstOrDefault() is { } member && member.Modifiers.Any(SyntaxKind.StaticKeyword)
        && member is (FieldDeclarationSyntax or PropertyDeclarationSyntax { Initializer: not null } or ConstructorDeclarationSyntax);
}
