using System.Management.Automation.Language;

namespace PrefectPS.Blocks;

/// <summary>Finds the variables that a command sets in its caller's scope, from its text.</summary>
internal static class CommandVariables
{
    private const string Drive = "variable:";

    private static readonly HashSet<string> Setters = new(StringComparer.OrdinalIgnoreCase) { "Set-Variable", "set", "sv", "New-Variable", "nv" };

    private static readonly HashSet<string> Builders = new(StringComparer.OrdinalIgnoreCase) { "Invoke-Expression", "iex" };

    // Common parameters and their aliases; others are recognized by their suffix: -SessionVariable, -BindingVariable.
    private static readonly string[] Common = ["OutVariable", "ErrorVariable", "WarningVariable", "InformationVariable", "PipelineVariable", "Variable"];

    private static readonly HashSet<string> Short = new(StringComparer.OrdinalIgnoreCase) { "ov", "ev", "wv", "iv", "pv", "sv", "rhv" };

    /// <summary>Their names; null if it sets variables whose names are not in its text.</summary>
    public static IReadOnlyCollection<string>? SetBy(CommandAst command)
    {
        var name = BlockOwner.NameOf(command);
        if (command.InvocationOperator == TokenKind.Dot && command.CommandElements[0] is not ScriptBlockExpressionAst)
            return null;
        if (name is not null && Builders.Contains(name))
            return null;

        var found = new List<string>();
        if (name is not null && Setters.Contains(name))
        {
            if (NamesIn(ValueOf(command, "Name") ?? Positional(command)) is not { } names)
                return null;
            found.AddRange(names);
        }

        for (var i = 1; i < command.CommandElements.Count; i++)
        {
            if (command.CommandElements[i] is CommandParameterAst parameter && TakesName(parameter.ParameterName))
            {
                if (NamesIn(parameter.Argument ?? Next(command, i)) is not { } names)
                    return null;
                found.AddRange(names);
            }
            else if (command.CommandElements[i] is StringConstantExpressionAst { Value: var text } && text.StartsWith(Drive, StringComparison.OrdinalIgnoreCase))
            {
                found.Add(text.Substring(Drive.Length));
            }
        }

        return found;
    }

    /// <summary>The names that an argument gives; null if they are not constants.</summary>
    public static IReadOnlyCollection<string>? NamesIn(Ast? argument) => argument switch
    {
        StringConstantExpressionAst text => [text.Value.TrimStart('+')],
        ArrayLiteralAst list when list.Elements.All(element => element is StringConstantExpressionAst) =>
            [.. list.Elements.Cast<StringConstantExpressionAst>().Select(element => element.Value)],
        _ => null,
    };

    private static bool TakesName(string parameter) => Short.Contains(parameter)
        || parameter.EndsWith("Variable", StringComparison.OrdinalIgnoreCase)
        || Array.Exists(Common, name => parameter.Length >= 3
            && name.StartsWith(parameter, StringComparison.OrdinalIgnoreCase) && HasReached(name, parameter));

    // -ErrorA is -ErrorAction; from -ErrorV on, the parameter is -ErrorVariable.
    private static bool HasReached(string name, string parameter) => parameter.Length > name.IndexOf("Variable", StringComparison.Ordinal);

    private static Ast? ValueOf(CommandAst command, string parameter)
    {
        for (var i = 1; i < command.CommandElements.Count; i++)
        {
            if (command.CommandElements[i] is CommandParameterAst { ParameterName: { Length: > 0 } given } found
                && parameter.StartsWith(given, StringComparison.OrdinalIgnoreCase))
            {
                return found.Argument ?? Next(command, i);
            }
        }

        return null;
    }

    // The first argument that belongs to no parameter.
    private static CommandElementAst? Positional(CommandAst command) =>
        command.CommandElements.Skip(1).TakeWhile(element => element is not CommandParameterAst).FirstOrDefault();

    private static CommandElementAst? Next(CommandAst command, int index) =>
        index + 1 < command.CommandElements.Count ? command.CommandElements[index + 1] : null;
}
